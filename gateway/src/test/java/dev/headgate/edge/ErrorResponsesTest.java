package dev.headgate.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayFailure.Detail;
import dev.headgate.exchange.GatewayResponse;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorResponsesTest {
  private static final RequestIds IDS = new RequestIds("id-1", null);

  private static String body(GatewayResponse response) {
    ByteBuf content = ((FullBody) response.body()).take();
    try {
      return content.toString(UTF_8);
    } finally {
      content.release();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| false",
        "*/* | false",
        "application/json | false",
        "application/* | false",
        "application/problem+json | true",
        "Application/Problem+JSON | true",
        "application/problem+json, application/json | true",
        "application/json, application/problem+json | true",
        "application/problem+json;q=0.5, application/json | false",
        "application/problem+json;q=0.5, application/json;q=0.4 | true",
        "application/problem+json;q=0.5, */* | true",
        "application/problem+json;q=0 | false",
        "application/problem+json;q=0, application/json;q=0 | false",
        "text/html, application/problem+json;q=0.1 | true",
        "application/problem+json;q=high | false",
        "application/problem+json, not a type | false",
        "application/problem+json, | true"
      })
  void problemDetailsWhereTheyArePreferred(@Nullable String accept, boolean preferred) {
    assertThat(ErrorResponses.prefersProblem(accept)).isEqualTo(preferred);
  }

  @Test
  void aVeryLongAcceptIsReadToo() {
    assertThat(ErrorResponses.prefersProblem("application/problem+json" + ",a/b".repeat(500)))
        .isTrue();
  }

  @Test
  void theEnvelope() {
    GatewayFailure failure =
        GatewayFailure.of(FailureReason.BAD_REQUEST, List.of(new Detail("host", "is \"missing\"")));

    GatewayResponse response = ErrorResponses.render(failure, null, IDS);

    assertThat(response.status().code()).isEqualTo(400);
    assertThat(response.headers().get("content-type")).isEqualTo("application/json");
    assertThat(body(response))
        .isEqualTo(
            "{\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"The request is malformed.\","
                + "\"details\":[{\"field\":\"host\",\"message\":\"is \\\"missing\\\"\"}]},"
                + "\"meta\":{\"requestId\":\"id-1\"}}");
  }

  @Test
  void problemDetails() {
    GatewayResponse response =
        ErrorResponses.render(
            GatewayFailure.of(FailureReason.METHOD_NOT_ALLOWED).withHeader("allow", "GET"),
            "application/problem+json",
            IDS);

    assertThat(response.headers().get("allow")).isEqualTo("GET");
    assertThat(response.headers().get("content-type")).isEqualTo("application/problem+json");
    assertThat(body(response))
        .isEqualTo(
            "{\"type\":\"about:blank\",\"title\":\"This path does not allow this method.\","
                + "\"status\":405,\"code\":\"METHOD_NOT_ALLOWED\",\"details\":[],"
                + "\"requestId\":\"id-1\"}");
  }

  @ParameterizedTest
  @EnumSource
  void noReasonTellsOfTheInside(FailureReason reason) {
    GatewayFailure failure =
        GatewayFailure.of(reason, new IllegalStateException("secret.internal:8080"));

    GatewayResponse response = ErrorResponses.render(failure, null, IDS);

    assertThat(response.status().code()).isEqualTo(reason.status());
    assertThat(response.headers().toString()).doesNotContain("secret");
    assertThat(response.headers().get("proxy-status"))
        .isEqualTo(reason.proxyError() == null ? null : "headgate; error=" + reason.proxyError());
    assertThat(body(response)).doesNotContain("secret").contains(reason.name());
  }
}

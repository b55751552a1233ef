package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseFramingTest {
  private static Body body(String kind) {
    return switch (kind) {
      case "unknown" -> new Discards();
      case "none" -> Body.EMPTY;
      default -> FullBody.ofText(kind);
    };
  }

  @ParameterizedTest
  @CsvSource({
    // method, version, status, body, kept -> framing, length, coding, connection
    "GET, 1, 200, hello, true, LENGTH, 5, , ",
    "GET, 1, 200, none, true, LENGTH, 0, , ",
    "GET, 1, 200, unknown, true, CHUNKED, , chunked, ",
    "GET, 1, 200, unknown, false, CHUNKED, , chunked, close",
    "GET, 0, 200, hello, true, LENGTH, 5, , keep-alive",
    "GET, 0, 200, hello, false, LENGTH, 5, , ",
    "GET, 0, 200, unknown, false, CLOSE, , , ",
    "HEAD, 1, 200, hello, true, NONE, 77, , ",
    "HEAD, 0, 200, unknown, true, NONE, 77, , keep-alive",
    "HEAD, 1, 503, hello, false, NONE, 77, , close",
    "GET, 1, 204, none, true, NONE, , , ",
    "GET, 1, 304, none, true, NONE, 77, , ",
    "HEAD, 1, 304, none, true, NONE, 77, , ",
    "HEAD, 1, 204, none, true, NONE, , , ",
    "GET, 1, 205, none, true, EMPTY, 0, , ",
    "GET, 1, 205, hello, true, EMPTY, 0, , ",
    "GET, 1, 205, unknown, true, EMPTY, 0, , ",
    "HEAD, 1, 205, unknown, true, EMPTY, 0, , ",
    "GET, 0, 205, unknown, true, EMPTY, 0, , keep-alive",
    "POST, 1, 404, hello, false, LENGTH, 5, , close"
  })
  void saysWhereTheResponseEnds(
      String method,
      int minor,
      int status,
      String body,
      boolean kept,
      ResponseFraming expected,
      @Nullable String length,
      @Nullable String coding,
      @Nullable String connection) {
    HttpVersion version = minor == 0 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    GatewayResponse response = Response.of(status, body(body));
    response.headers().set("content-length", "77");

    ResponseFraming framing = ResponseFraming.of(HttpMethod.valueOf(method), version, response);
    framing.apply(response, version, kept);

    assertThat(framing).isEqualTo(expected);
    assertThat(response.headers().get("content-length")).isEqualTo(length);
    assertThat(response.headers().get("transfer-encoding")).isEqualTo(coding);
    assertThat(response.headers().get("connection")).isEqualTo(connection);
    response.discard();
  }

  @ParameterizedTest
  @CsvSource({"HEAD, 200, hello, 5", "HEAD, 200, none, ", "HEAD, 204, hello, ", "GET, 304, none, "})
  void anAnswerOfOurOwnToHeadTellsTheLengthOfGet(
      String method, int status, String body, @Nullable String length) {
    GatewayResponse response = Response.of(status, body(body));

    ResponseFraming.of(HttpMethod.valueOf(method), HttpVersion.HTTP_1_1, response)
        .apply(response, HttpVersion.HTTP_1_1, true);

    assertThat(response.headers().get("content-length")).isEqualTo(length);
    response.discard();
  }
}

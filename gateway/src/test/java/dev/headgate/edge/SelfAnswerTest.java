package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfAnswerTest {
  private final HttpHeaders headers = new DefaultHttpHeaders();

  private static GatewayRequest request(String method) {
    return new GatewayRequest(
        HttpMethod.valueOf(method),
        HttpVersion.HTTP_1_1,
        "http",
        "h",
        "h",
        "/a",
        "b=c",
        InetSocketAddress.createUnresolved("client", 1),
        false,
        "client",
        "h");
  }

  private @Nullable Next to(String method) {
    return SelfAnswer.to(request(method), headers);
  }

  @ParameterizedTest
  @CsvSource({
    "TRACE, 1, 0",
    "TRACE, 10, 9",
    "OPTIONS, 1, 0",
    "OPTIONS, 007, 6",
    "OPTIONS, 999999999999999999, 999999999999999998",
    "TRACE, 1000000000000000000, 9223372036854775806",
    "TRACE, 99999999999999999999999999999999, 9223372036854775806"
  })
  void whatMayGoOnGoesOnWithOneLess(String method, String given, String left) {
    headers.set("max-forwards", given);

    assertThat(to(method)).isNull();
    assertThat(headers.get("max-forwards")).isEqualTo(left);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", "1.0", "0x1", "one", "1 1", "1,1", "\u0661"})
  void whatIsNoNumberIsRefused(String given) {
    headers.set("max-forwards", given);

    assertThatThrownBy(() -> to("TRACE")).isInstanceOf(GatewayFailure.class);
    assertThatThrownBy(() -> to("OPTIONS")).isInstanceOf(GatewayFailure.class);
    assertThat(to("GET")).isNull();
  }

  @Test
  void twoAreRefused() {
    headers.add("max-forwards", "1").add("max-forwards", "0");

    assertThatThrownBy(() -> to("TRACE")).isInstanceOf(GatewayFailure.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "HEAD", "trace", "Options"})
  void otherMethodsDoNotKnowTheField(String method) {
    headers.set("max-forwards", "0");

    assertThat(to(method)).isNull();
    assertThat(headers.get("max-forwards")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "OPTIONS"})
  void withoutTheFieldTheyGoOn(String method) {
    assertThat(to(method)).isNull();
  }

  private GatewayResponse answer(String method) {
    headers.set("max-forwards", "0");
    GatewayExchange exchange =
        new GatewayExchange(
            new EmbeddedChannel().eventLoop(),
            request(method),
            headers,
            Body.EMPTY,
            new ExchangeRecord(0),
            "/a");
    return Objects.requireNonNull(Objects.requireNonNull(to(method)).run(exchange).block());
  }

  @Test
  void optionsTellsWhatIsAllowed() {
    GatewayResponse answer = answer("OPTIONS");

    assertThat(answer.status().code()).isEqualTo(200);
    assertThat(answer.headers().get("allow")).contains("GET", "OPTIONS");
    assertThat(answer.body().length()).isZero();
  }

  @Test
  void traceTellsWhatCameButNoSecrets() {
    headers.add("x-a", "1").add("Cookie", "c=secret").add("authorization", "secret");
    headers.add("Proxy-Authorization", "secret");

    GatewayResponse answer = answer("TRACE");

    assertThat(answer.headers().get("content-type")).isEqualTo("message/http");
    ByteBuf content = ((FullBody) answer.body()).take();
    assertThat(content.toString(StandardCharsets.US_ASCII))
        .startsWith("TRACE /a?b=c HTTP/1.1\r\n")
        .contains("x-a: 1\r\n", "max-forwards: 0\r\n")
        .doesNotContain("secret")
        .endsWith("\r\n\r\n");
    content.release();
  }
}

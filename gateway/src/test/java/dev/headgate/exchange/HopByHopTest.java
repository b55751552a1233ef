package dev.headgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {
  private final HttpHeaders headers =
      new DefaultHttpHeaders().set("x-end", "1").set("content-length", "5").set("host", "h");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Transfer-Encoding",
        "Upgrade",
        "Proxy-Authenticate",
        "Proxy-Authorization"
      })
  void theKnownOnesGo(String name) {
    headers.set(name, "x");

    HopByHop.strip(headers);

    assertThat(headers.names()).containsExactlyInAnyOrder("x-end", "content-length", "host");
  }

  @Test
  void whatConnectionNamesGoes() {
    headers.add("connection", "X-One, ,x-two").add("Connection", "x-three ,close");
    headers.add("x-one", "1").add("x-two", "2").add("X-Three", "3").add("close", "no field");

    HopByHop.strip(headers);

    assertThat(headers.names())
        .containsExactlyInAnyOrder("x-end", "content-length", "host", "close");
  }

  @Test
  void namingTheFramingOrTheHostDoesNothing() {
    headers.set("connection", "Content-Length, HOST, transfer-encoding");
    headers.set("transfer-encoding", "chunked");

    HopByHop.dropNamed(headers);

    assertThat(headers.names())
        .containsExactlyInAnyOrder("x-end", "content-length", "host", "transfer-encoding");
  }

  @Test
  void whatTheClientTakesIsKnownUntilTheNextHop() {
    headers.set("connection", "TE").set("te", "trailers");

    HopByHop.dropNamed(headers);

    assertThat(headers.get("te")).isEqualTo("trailers");
  }
}

package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradesTest {
  private static HttpVersion version(String name) {
    return name.equals("2") ? Http2RequestHead.HTTP_2 : HttpVersion.valueOf("HTTP/" + name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // method, version, length, upgrade, connection
        "GET | 1.1 | 0 | websocket | Upgrade | true",
        "GET | 1.1 | 0 | WebSocket | keep-alive, Upgrade | true",
        "GET | 1.1 | 0 | h2c, websocket | upgrade | true",
        "GET | 2 | -1 | websocket | upgrade | true",
        "GET | 2 | 0 | websocket | upgrade | true",
        "GET | 1.1 | 0 | websocket | keep-alive | false",
        "GET | 1.1 | 0 | websocket | | false",
        "GET | 1.1 | 0 | | upgrade | false",
        "GET | 1.1 | 0 | h2c | upgrade | false",
        "GET | 1.1 | 0 | websockets | upgrade | false",
        "GET | 1.1 | 0 | websocket/13 | upgrade | false",
        "GET | 1.1 | 0 | websocket | upgrades | false",
        "GET | 1.1 | 5 | websocket | upgrade | false",
        "GET | 1.1 | -1 | websocket | upgrade | false",
        "GET | 1.0 | 0 | websocket | upgrade | false",
        "POST | 1.1 | 0 | websocket | upgrade | false",
        "HEAD | 1.1 | 0 | websocket | upgrade | false"
      })
  void onlyAHandshakeIsOne(
      String method,
      String version,
      long length,
      @Nullable String upgrade,
      @Nullable String connection,
      boolean expected) {
    HttpRequest head = new DefaultHttpRequest(version(version), HttpMethod.valueOf(method), "/");
    if (upgrade != null) {
      head.headers().set("upgrade", upgrade);
    }
    if (connection != null) {
      head.headers().set("connection", connection);
    }

    assertThat(Upgrades.toWebSocket(head, length)).isEqualTo(expected);
  }
}

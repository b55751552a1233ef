package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.GatewayRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class EdgeRouteRequestTest {
  private static EdgeRouteRequest with(HttpHeaders headers) {
    Peer peer =
        new Peer(
            InetSocketAddress.createUnresolved("client", 1), "client", false, "http", "80", null);
    DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    head.headers().set("host", "a");
    GatewayRequest read = RequestHeadReader.read(head, peer, null);
    return new EdgeRouteRequest(read, headers);
  }

  @Test
  void givesAllLinesOfAHeaderInTheOrderInWhichTheyCame() {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.add("Accept", "a").add("other", "x").add("accept", "b").add("ACCEPT", "c");

    EdgeRouteRequest request = with(headers);

    assertThat(request.headers("accept")).toIterable().containsExactly("a", "b", "c");
    assertThat(request.headers("other")).toIterable().containsExactly("x");
    assertThat(request.headers("none")).isExhausted();
  }
}

package dev.headgate.upstream;

import static dev.headgate.upstream.UpstreamFixture.get;
import static dev.headgate.upstream.UpstreamFixture.onLoop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.RawUpstream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Endpoints that are IPv6 addresses. */
class Ipv6IT {
  @RegisterExtension final UpstreamFixture upstream = new UpstreamFixture();

  @Test
  void anAddressInBracketsIsReachedAndNamed() throws Exception {
    RawUpstream service =
        upstream.service(
            RawUpstream.answeringOnIpv6("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
    String authority = "[::1]:" + service.port();
    GatewayExchange exchange = get("/a");

    GatewayResponse response =
        upstream
            .call(upstream.upstream("http://" + authority, "connect-timeout: 5s"), exchange)
            .get(20, TimeUnit.SECONDS);

    assertThat(response.status().code()).isEqualTo(200);
    onLoop(response::discard);
    assertThat(service.requests().get(0).field("host")).isEqualTo(authority);
    assertThat(exchange.record().endpoint()).isEqualTo(authority);
    assertThat(upstream.pool().endpoint()).isEqualTo(authority);
  }
}

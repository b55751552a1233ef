package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.UpstreamProtocol;
import dev.headgate.config.UpstreamTlsConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointKeyTest {
  @ParameterizedTest
  @CsvSource({
    "false, users, 80, users:80, users",
    "false, users, 443, users:443, users:443",
    "true, users, 443, users:443, users",
    "true, users, 80, users:80, users:80",
    "false, 10.0.0.1, 8080, 10.0.0.1:8080, 10.0.0.1:8080",
    "false, '::1', 80, '[::1]:80', '[::1]'",
    "true, '::1', 8443, '[::1]:8443', '[::1]:8443'"
  })
  void namesAPlaceAndSaysItAsHost(
      boolean tls, String host, int port, String name, String authority) {
    EndpointKey key =
        new EndpointKey(
            "svc", UpstreamProtocol.H1, tls ? UpstreamTlsConfig.defaults() : null, host, port);

    assertThat(key.name()).isEqualTo(name);
    assertThat(key.authority()).isEqualTo(authority);
  }
}

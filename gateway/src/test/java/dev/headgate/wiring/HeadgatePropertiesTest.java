package dev.headgate.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.web.server.Ssl;

/** As Spring binds them. */
class HeadgatePropertiesTest {
  private static HeadgateProperties bound(Map<String, Object> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("headgate", HeadgateProperties.class);
  }

  @Test
  void defaultsAreThoseOfTheDocs() {
    HeadgateProperties properties = bound(Map.of());
    HeadgateProperties.Http http = properties.http();
    assertThat(http.headerTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(http.tlsHandshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(http.proxyProtocolTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(http.keepAlive()).isEqualTo(Duration.ofSeconds(75));
    assertThat(http.proxyProtocol()).isEqualTo(ProxyProtocol.OFF);
    assertThat(http.maxHeaderCount()).isEqualTo(100);
    assertThat(http.maxConnections()).isNull();
    assertThat(http.maxConnectionsPerClient()).isZero();
    assertThat(http.maxRequestsPerConnection()).isZero();
    assertThat(properties.overload().maxInFlight()).isNull();
    assertThat(properties.overload().maxDirectMemoryPercent()).isEqualTo(85);
    assertThat(properties.listeners()).isEmpty();
    StoreProperties store = properties.store();
    assertThat(store.redis().uri()).isEmpty();
    assertThat(store.redis().timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(store.redis().minReplicas()).isZero();
    assertThat(store.embedded().maxBytes()).isEqualTo(64L << 20);
    assertThat(store.compression()).isEqualTo(StoreProperties.Compression.NONE);
    assertThat(store.encryption().keyFile()).isNull();
    assertThat(store.readiness()).isFalse();
  }

  @Test
  void aListenerIsReadWhole() {
    Map<String, Object> values = new HashMap<>();
    values.put("headgate.listeners.partners.port", "0");
    values.put("headgate.listeners.partners.address", "::1");
    values.put("headgate.listeners.partners.ssl.bundle", "web");
    values.put("headgate.listeners.partners.ssl.client-auth", "need");
    values.put("headgate.listeners.partners.proxy-protocol", "required");
    values.put("headgate.listeners.plain.port", "8081");
    // As YAML reads the word off.
    values.put("headgate.listeners.plain.proxy-protocol", false);

    Map<String, ListenerProperties> listeners = bound(values).listeners();

    ListenerProperties partners = Objects.requireNonNull(listeners.get("partners"));
    ListenerProperties plain = Objects.requireNonNull(listeners.get("plain"));
    assertThat(partners.ssl()).extracting(Ssl::getBundle).isEqualTo("web");
    assertThat(partners.ssl()).extracting(Ssl::getClientAuth).isEqualTo(Ssl.ClientAuth.NEED);
    assertThat(partners.proxyProtocol()).isEqualTo(ProxyProtocol.REQUIRED);
    assertThat(plain.proxyProtocol()).isEqualTo(ProxyProtocol.OFF);
    assertThat(plain.ssl()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "headgate.http.max-connections, -1, 0 or more",
    "headgate.http.max-header-count, 0, 1 or more",
    "headgate.http.header-timeout, 0s, more than nothing",
    "headgate.overload.max-in-flight, -1, 0 or more",
    "headgate.overload.max-direct-memory, 0%, 1%..100%",
    "headgate.overload.max-direct-memory, 101%, 1%..100%",
    "headgate.overload.max-direct-memory, much, 1%..100%",
    "headgate.store.redis.timeout, 0s, more than nothing",
    "headgate.store.redis.min-replicas, -1, 0 or more",
    "headgate.store.redis.ssl-bundle, web, a uri with rediss:// or rediss-sentinel://",
    "headgate.store.embedded.max-size, 64, 'a size such as 64MiB, 1MiB or more'",
    "headgate.store.embedded.max-size, 1023KiB, 'a size such as 64MiB, 1MiB or more'",
    "headgate.store.embedded.max-size, 0GiB, 'a size such as 64MiB, 1MiB or more'",
    "headgate.store.compression, deflate, headgate.store.redis.uri as well",
    "headgate.store.encryption.key-file, keys, headgate.store.redis.uri as well",
    "headgate.listeners.a.port, 65536, 0..65535",
    "headgate.listeners.a.http2, true, 0..65535"
  })
  void whatMakesNoSenseIsRefusedWithWhatWouldDo(String key, String value, String expected) {
    assertThatThrownBy(() -> bound(Map.of(key, value)))
        .rootCause()
        .hasMessageContaining("(expected: " + expected + ")");
  }

  @Test
  void anAddressThatIsNoneOfRedisIsRefusedWithoutBeingRepeated() {
    assertThatThrownBy(() -> bound(Map.of("headgate.store.redis.uri", "redis://u:secret@a:x")))
        .rootCause()
        .hasMessageContaining("redis://host:port")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aStoreIsReadWhole() {
    Map<String, Object> values = new HashMap<>();
    values.put("headgate.store.redis.uri", "rediss://u:secret@a:1, rediss://b:2");
    values.put("headgate.store.redis.timeout", "250ms");
    values.put("headgate.store.redis.min-replicas", "1");
    values.put("headgate.store.redis.ssl-bundle", "redis");
    values.put("headgate.store.compression", "deflate");
    values.put("headgate.store.encryption.key-file", "keys.txt");
    values.put("headgate.store.readiness", "true");
    StoreProperties store = bound(values).store();
    assertThat(store.redis().timeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(store.redis().sslBundle()).isEqualTo("redis");
    assertThat(store.compression()).isEqualTo(StoreProperties.Compression.DEFLATE);
    assertThat(store.encryption().keyFile()).hasFileName("keys.txt");
    assertThat(store.readiness()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1024, 512", "64, 100", "1048576, 50000", "9223372036854775807, 50000"})
  void halfOfTheOpenFilesAreConnections(long files, int connections) {
    assertThat(OpenFiles.connections(files)).isEqualTo(connections);
  }
}

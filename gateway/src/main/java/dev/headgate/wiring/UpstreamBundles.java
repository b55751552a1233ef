package dev.headgate.wiring;

import dev.headgate.upstream.TlsMaterial;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Spring's SSL bundles as upstream connections use them: TLS 1.2 and 1.3 only (RFC 8996). */
final class UpstreamBundles implements Function<String, TlsMaterial> {
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

  private final SslBundles bundles;

  UpstreamBundles(SslBundles bundles) {
    this.bundles = bundles;
  }

  /**
   * @throws RuntimeException for a name that is not declared, and for material that cannot be read
   */
  @Override
  public TlsMaterial apply(String name) {
    SslBundle bundle = bundles.getBundle(name);
    return new TlsMaterial(
        bundle.getStores().getKeyStore() == null
            ? null
            : bundle.getManagers().getKeyManagerFactory(),
        bundle.getStores().getTrustStore() == null
            ? null
            : bundle.getManagers().getTrustManagerFactory(),
        protocols(bundle.getOptions().getEnabledProtocols()),
        list(bundle.getOptions().getCiphers()));
  }

  private static List<String> protocols(String @Nullable [] wanted) {
    List<String> protocols = list(wanted);
    if (!PROTOCOLS.containsAll(protocols)) {
      throw new IllegalArgumentException(
          "enabled-protocols: %s (expected: TLSv1.2, TLSv1.3)".formatted(protocols));
    }
    return protocols;
  }

  private static List<String> list(String @Nullable [] values) {
    return values == null ? List.of() : Stream.of(values).toList();
  }
}

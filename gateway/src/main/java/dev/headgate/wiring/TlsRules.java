package dev.headgate.wiring;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.web.server.Ssl;

/**
 * What TLS towards clients may be, whatever a bundle leaves open: versions 1.2 and 1.3 (RFC 8996)
 * and, unless it names others, suites with forward secrecy and authenticated encryption (RFC 9325
 * section 4.2, which HTTP/2 demands in RFC 9113 section 9.2.2).
 */
final class TlsRules {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final Set<String> ALLOWED = Set.of(PROTOCOLS);
  private static final String[] CIPHERS =
      supported(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private TlsRules() {}

  /** Applies the rules to a server that is about to be made. */
  static void enforce(NettyReactiveWebServerFactory factory) {
    Ssl ssl = factory.getSsl();
    if (ssl != null) {
      ssl.setEnabledProtocols(protocols(ssl.getEnabledProtocols()));
      ssl.setCiphers(ssl.getCiphers() == null ? CIPHERS.clone() : ssl.getCiphers());
    }
    SslBundles bundles = factory.getSslBundles();
    if (bundles != null) {
      factory.setSslBundles(new Ruled(bundles));
    }
  }

  private static String[] protocols(String @Nullable [] wanted) {
    if (wanted == null) {
      return PROTOCOLS.clone();
    }
    for (String protocol : wanted) {
      if (!ALLOWED.contains(protocol)) {
        throw new IllegalArgumentException(
            "ssl enabled-protocols: %s (expected: TLSv1.2, TLSv1.3)".formatted(protocol));
      }
    }
    return wanted;
  }

  private static SslBundle ruled(SslBundle bundle) {
    SslOptions options = bundle.getOptions();
    String[] ciphers = options.getCiphers();
    return SslBundle.of(
        bundle.getStores(),
        bundle.getKey(),
        SslOptions.of(
            ciphers == null ? CIPHERS.clone() : ciphers, protocols(options.getEnabledProtocols())),
        bundle.getProtocol(),
        bundle.getManagers());
  }

  private static String[] supported(String... suites) {
    try {
      Set<String> known =
          Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
      return Stream.of(suites).filter(known::contains).toArray(String[]::new);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JVM without TLS", e);
    }
  }

  /** The bundles under the rules, reloaded ones too. */
  private record Ruled(SslBundles bundles) implements SslBundles {
    @Override
    public SslBundle getBundle(String name) {
      return ruled(bundles.getBundle(name));
    }

    @Override
    public void addBundleUpdateHandler(String name, Consumer<SslBundle> handler) {
      bundles.addBundleUpdateHandler(name, updated -> handler.accept(ruled(updated)));
    }

    @Override
    public void addBundleRegisterHandler(BiConsumer<String, SslBundle> handler) {
      bundles.addBundleRegisterHandler((name, bundle) -> handler.accept(name, ruled(bundle)));
    }

    @Override
    public List<String> getBundleNames() {
      return bundles.getBundleNames();
    }
  }
}

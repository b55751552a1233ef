package dev.headgate.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.server.Ssl;

class TlsRulesTest {
  private static SslBundle bundle(SslOptions options) {
    return SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, options);
  }

  private static SslBundles ruled(DefaultSslBundleRegistry registry) {
    NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
    factory.setSslBundles(registry);
    TlsRules.enforce(factory);
    return Objects.requireNonNull(factory.getSslBundles());
  }

  @Test
  void aBundleThatSaysNothingGetsVersionsAndSuites() {
    SslOptions options =
        ruled(new DefaultSslBundleRegistry("web", bundle(SslOptions.NONE)))
            .getBundle("web")
            .getOptions();

    assertThat(options.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(options.getCiphers())
        .contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
        .noneMatch(suite -> suite.contains("CBC") || suite.startsWith("TLS_RSA"));
  }

  @Test
  void whatABundleSaysIsKept() {
    SslOptions own =
        SslOptions.of(new String[] {"TLS_AES_256_GCM_SHA384"}, new String[] {"TLSv1.3"});
    SslOptions options =
        ruled(new DefaultSslBundleRegistry("web", bundle(own))).getBundle("web").getOptions();

    assertThat(options.getEnabledProtocols()).containsExactly("TLSv1.3");
    assertThat(options.getCiphers()).containsExactly("TLS_AES_256_GCM_SHA384");
  }

  @Test
  void aBundleThatAsksForLessIsRefused() {
    SslOptions old = SslOptions.of(new String[0], new String[] {"TLSv1.2", "TLSv1.1"});
    SslBundles bundles = ruled(new DefaultSslBundleRegistry("web", bundle(old)));

    assertThatThrownBy(() -> bundles.getBundle("web"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLSv1.1 (expected: TLSv1.2, TLSv1.3)");
  }

  @Test
  void aReloadedBundleIsUnderTheRulesToo() {
    DefaultSslBundleRegistry registry =
        new DefaultSslBundleRegistry("web", bundle(SslOptions.NONE));
    List<SslBundle> updates = new ArrayList<>();
    ruled(registry).addBundleUpdateHandler("web", updates::add);

    registry.updateBundle("web", bundle(SslOptions.NONE));

    assertThat(updates).hasSize(1);
    assertThat(updates.get(0).getOptions().getEnabledProtocols())
        .containsExactly("TLSv1.3", "TLSv1.2");
  }

  @Test
  void filesNamedWithoutABundleAreNoWayAround() {
    NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
    Ssl ssl = new Ssl();
    factory.setSsl(ssl);

    TlsRules.enforce(factory);

    assertThat(ssl.getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(ssl.getCiphers()).isNotEmpty();
  }
}

package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Certificate;
import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.NeedingCertificates;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * TLS to services by the SSL bundles of the process settings: trust, client certificates, reload.
 */
class UpstreamTlsIT {
  private static final Certificate SERVICE = Certificate.of("service.test");
  private static final Certificate CLIENT = Certificate.of("gateway.test");
  private static final ScriptedUpstream MUTUAL =
      ScriptedUpstream.playingOver(
          listener(SERVICE),
          connection -> {
            while (connection.read() != null) {
              connection.ok("known");
            }
          });

  @RegisterExtension static final SharedGateway GATEWAY = SharedGateway.over(repo());

  private static ServerSocketFactory listener(Certificate identity) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(identity.keys(), identity.password());
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("client", CLIENT.keys().getCertificate("test"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return new NeedingCertificates(context.getServerSocketFactory());
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    SERVICE.writeTo(repo.folder(), "service");
    CLIENT.writeTo(repo.folder(), "client");
    return repo.with("mutual", MUTUAL.url())
        .with("folder", repo.folder().toString())
        .gateway(
            """
            spring.ssl.bundle:
              watch.file.quiet-period: 100ms
              pem:
                mutual:
                  reload-on-update: true
                  keystore: {certificate: "@folder@/client.crt", private-key: "@folder@/client.key"}
                  truststore: {certificate: "@folder@/service.crt"}
                trusting:
                  truststore: {certificate: "@folder@/service.crt"}
            """)
        .upstreams(
            """
            defaults: {upstream: {connect-timeout: 5s}}
            upstreams:
              mutual:
                endpoints: ["@mutual@"]
                tls: {bundle: mutual, server-name: service.test}
              nameless: {endpoints: ["@mutual@"], tls: {bundle: mutual}}
              unverified:
                endpoints: ["@mutual@"]
                tls: {bundle: mutual, verify-hostname: false}
              anonymous:
                endpoints: ["@mutual@"]
                tls: {bundle: trusting, server-name: service.test}
              jvm: {endpoints: ["@mutual@"], tls: {server-name: service.test}}
            """)
        .routes(
            """
            defaults: {route: {retry: {max-attempts: 1}}}
            routes:
              mutual: {match: {path: /mutual}, upstream: mutual}
              nameless: {match: {path: /nameless}, upstream: nameless}
              unverified: {match: {path: /unverified}, upstream: unverified}
              anonymous: {match: {path: /anonymous}, upstream: anonymous}
              jvm: {match: {path: /jvm}, upstream: jvm}
            """);
  }

  @Test
  void theBundlesTrustAndCertificateAreUsed() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/mutual");

    assertThat(response.text()).isEqualTo("known");
  }

  @Test
  void whatIsWrongIsTold() throws Exception {
    Map<String, String> reasons =
        Map.of(
            "/nameless", "UPSTREAM_CERTIFICATE_INVALID",
            "/jvm", "UPSTREAM_CERTIFICATE_INVALID",
            "/anonymous", "UPSTREAM_TLS_FAILURE");
    for (Map.Entry<String, String> one : reasons.entrySet()) {
      Response response = RawHttp.get(GATEWAY.port(), one.getKey());
      assertThat(response.status()).as(one.getKey()).isEqualTo(502);
      assertThat(response.text()).contains(one.getValue());
    }
    assertThat(RawHttp.get(GATEWAY.port(), "/unverified").text()).isEqualTo("known");
  }

  @Test
  void changedFilesAreUsedByNewConnections() throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), "/mutual").status()).isEqualTo(200);

    Certificate.of("nobody.test").writeTo(GATEWAY.repo().folder(), "client");

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> RawHttp.get(GATEWAY.port(), "/mutual").status() == 502);
    CLIENT.writeTo(GATEWAY.repo().folder(), "client");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> RawHttp.get(GATEWAY.port(), "/mutual").status() == 200);
  }

  @Test
  void aBundleThatNobodyDeclaresIsAProblemOfItsPlace() throws Exception {
    ConfigRepo broken =
        ConfigRepo.create()
            .gateway("spring.ssl.bundle.pem.known.truststore.certificate: /nowhere.crt")
            .upstreams(
                """
                upstreams:
                  a: {endpoints: [https://a], tls: {bundle: known}}
                  b: {endpoints: [https://b], tls: {bundle: missing}}
                """)
            .routes(
                """
                routes:
                  a: {match: {path: /a}, upstream: a}
                  b: {match: {path: /b}, upstream: b}
                """);

    Commands.Result result = Commands.headgate("check", broken.folder().toString());

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("upstreams/test.yml:3:45: BAD_BUNDLE tls.bundle: \"missing\"")
        .doesNotContain("\"known\"");
  }
}

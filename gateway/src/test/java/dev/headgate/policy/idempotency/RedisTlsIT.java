package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import dev.headgate.redis.RedisSettings;
import dev.headgate.redis.RedisTls;
import dev.headgate.testing.RedisProcess;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisTlsIT {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private static X509Bundle authority(String name) throws Exception {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .setIsCertificateAuthority(true)
        .ecp256()
        .buildSelfSigned();
  }

  private RedisProcess serve(X509Bundle root, boolean askForCertificate) throws Exception {
    X509Bundle server =
        new CertificateBuilder()
            .subject("CN=redis")
            .ecp256()
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(root);
    Path certificate =
        Files.writeString(folder.resolve("cert.pem"), server.getCertificatePathPEM());
    Path key = Files.writeString(folder.resolve("key.pem"), server.getPrivateKeyPEM());
    Path authority = Files.writeString(folder.resolve("ca.pem"), root.getRootCertificatePEM());
    int port = RedisProcess.freePort();
    return RedisProcess.start(
        port,
        "port 0",
        "tls-port " + port,
        "tls-cert-file " + certificate,
        "tls-key-file " + key,
        "tls-ca-cert-file " + authority,
        "tls-auth-clients " + (askForCertificate ? "yes" : "no"));
  }

  private static RedisStores use(RedisProcess server, RedisTls tls) {
    return new RedisStores(
        new RedisSettings(
            "rediss://127.0.0.1:" + server.port(), Duration.ofSeconds(5), 0, () -> tls));
  }

  private static boolean canClaim(RedisStores stores) {
    RedisFaultsIT.eventually(
        () -> stores.redis.status().up() || stores.redis.status().lastFailure() != null);
    Claim claim = new Claim(Answers.token(), Answers.fingerprint(1), HOUR, HOUR);
    return stores.redis.status().up()
        && Answers.of(stores.store.claim(new LookupKey("charge:tls"), claim, Answers.LIMIT))
            .isEmpty();
  }

  @Test
  void aServerIsBelievedWhenTheBundleSaysSo() throws Exception {
    X509Bundle root = authority("root");
    try (RedisProcess server = serve(root, false);
        RedisStores stores =
            use(server, new RedisTls(null, root.toTrustManagerFactory(), List.of(), List.of()))) {
      assertThat(canClaim(stores)).isTrue();
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotBelieved() throws Exception {
    try (RedisProcess server = serve(authority("root"), false);
        RedisStores stores =
            use(
                server,
                new RedisTls(
                    null, authority("other").toTrustManagerFactory(), List.of(), List.of()))) {
      assertThat(canClaim(stores)).isFalse();
    }
  }

  @Test
  void aCertificateIsShownWhereOneIsAskedFor() throws Exception {
    X509Bundle root = authority("root");
    X509Bundle client = new CertificateBuilder().subject("CN=gate").ecp256().buildIssuedBy(root);
    try (RedisProcess server = serve(root, true);
        RedisStores stores =
            use(
                server,
                new RedisTls(
                    client.toKeyManagerFactory(),
                    root.toTrustManagerFactory(),
                    List.of("TLSv1.3"),
                    List.of()))) {
      assertThat(canClaim(stores)).isTrue();
    }
  }
}

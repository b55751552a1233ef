package dev.headgate.policy.cache;

import dev.headgate.redis.RedisSettings;
import dev.headgate.redis.RedisTls;
import dev.headgate.testing.RedisProcess;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SharedTierTlsIT extends TierContract {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static RedisProcess server;

  @SuppressWarnings("NullAway.Init")
  private static RedisTls tls;

  @BeforeAll
  static void start() throws Exception {
    X509Bundle root =
        new CertificateBuilder()
            .subject("CN=root")
            .setIsCertificateAuthority(true)
            .ecp256()
            .buildSelfSigned();
    X509Bundle shown =
        new CertificateBuilder()
            .subject("CN=redis")
            .ecp256()
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(root);
    X509Bundle client = new CertificateBuilder().subject("CN=gate").ecp256().buildIssuedBy(root);
    int port = RedisProcess.freePort();
    server =
        RedisProcess.start(
            port,
            "port 0",
            "tls-port " + port,
            "tls-cert-file " + file("cert.pem", shown.getCertificatePathPEM()),
            "tls-key-file " + file("key.pem", shown.getPrivateKeyPEM()),
            "tls-ca-cert-file " + file("ca.pem", root.getRootCertificatePEM()),
            "tls-auth-clients yes");
    tls =
        new RedisTls(
            client.toKeyManagerFactory(), root.toTrustManagerFactory(), List.of(), List.of());
  }

  private static Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  RedisSettings settings() {
    return new RedisSettings(
        "rediss://127.0.0.1:" + server.port(), Duration.ofSeconds(2), 0, () -> tls);
  }
}

package dev.headgate.contract.harness;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate that nobody signed but its owner. */
public final class Tls {
  /** Of {@link #store()}. */
  public static final String PASSWORD = "changeit";

  private Tls() {}

  /** A new certificate and its key, as PKCS #12. */
  public static Path store() {
    try {
      Path store = Files.createTempDirectory("headgate-tls").resolve("self-signed.p12");
      Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
      Commands.Result made =
          Commands.run(
              new ProcessBuilder(
                  keytool.toString(),
                  "-genkeypair",
                  "-alias",
                  "test",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=self-signed.test",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  PASSWORD,
                  "-keystore",
                  store.toString()));
      if (made.exit() != 0) {
        throw new IllegalStateException(made.toString());
      }
      return store;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  public static ServerSocketFactory selfSigned() {
    try {
      char[] password = PASSWORD.toCharArray();
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store())) {
        keys.load(in, password);
      }
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context.getServerSocketFactory();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}

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
  private Tls() {}

  public static ServerSocketFactory selfSigned() {
    try {
      Path store = Files.createTempDirectory("headgate-tls").resolve("self-signed.p12");
      char[] password = "changeit".toCharArray();
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
                  "changeit",
                  "-keystore",
                  store.toString()));
      if (made.exit() != 0) {
        throw new IllegalStateException(made.toString());
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
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

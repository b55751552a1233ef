package dev.headgate.contract.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** A key and the certificate that its owner signed, made anew for a test. */
public final class Certificate {
  private static final String PASSWORD = "changeit";

  private final Path store;
  private final KeyStore keys;

  private Certificate(Path store, KeyStore keys) {
    this.store = store;
    this.keys = keys;
  }

  /** One whose subject and only DNS name is {@code name}. */
  public static Certificate of(String name) {
    try {
      Path store = Files.createTempDirectory("headgate-tls").resolve(name + ".p12");
      Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
      List<String> command = new ArrayList<>(List.of(keytool.toString(), "-genkeypair"));
      command.addAll(List.of("-alias", "test", "-keyalg", "EC", "-dname", "CN=" + name));
      command.addAll(List.of("-ext", "SAN=dns:" + name, "-storetype", "PKCS12"));
      command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
      Commands.Result made = Commands.run(new ProcessBuilder(command));
      if (made.exit() != 0) {
        throw new IllegalStateException(made.toString());
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      return new Certificate(store, keys);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  public KeyStore keys() {
    return keys;
  }

  public char[] password() {
    return PASSWORD.toCharArray();
  }

  /** The certificate, PEM. */
  public String pem() {
    try {
      return pem("CERTIFICATE", keys.getCertificate("test").getEncoded());
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Its DER, base64. */
  public String base64() {
    return pem().replaceAll("-----[A-Z ]+-----|\\s", "");
  }

  /** Writes {@code name.crt} and {@code name.key}, PEM, as files that were there before. */
  public void writeTo(Path folder, String name) {
    try {
      String key =
          pem("PRIVATE KEY", Objects.requireNonNull(keys.getKey("test", password())).getEncoded());
      Files.writeString(folder.resolve(name + ".key"), key);
      Files.writeString(folder.resolve(name + ".crt"), pem());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
  }

  @Override
  public String toString() {
    return store.toString();
  }
}

package dev.headgate.upstream;

import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a named bundle of TLS settings holds.
 *
 * @param keys the client's certificate, or null for none
 * @param trust the authorities that are trusted; null for the JVM's own
 * @param protocols such as {@code TLSv1.3}; empty for TLS 1.2 and 1.3
 * @param ciphers in order of preference; empty for the JVM's own
 */
public record TlsMaterial(
    @Nullable KeyManagerFactory keys,
    @Nullable TrustManagerFactory trust,
    List<String> protocols,
    List<String> ciphers) {
  /** The JVM's own trust, no client certificate. */
  public static final TlsMaterial OF_THE_JVM = new TlsMaterial(null, null, List.of(), List.of());

  public TlsMaterial {
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
  }
}

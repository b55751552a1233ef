package dev.headgate.policy.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What things are called in Redis. All of one host and path are in one slot of a Cluster. */
final class SharedKeys {
  private static final String PREFIX = "headgate:cache:";

  private SharedKeys() {}

  /** An answer's, and that under which its URL is said to have changed. */
  static byte[][] of(CacheKey key, @Nullable Vary vary) {
    String place = place(key.authority(), key.path());
    String name =
        digest(
            key.space().route()
                + "\n"
                + key.space().behind()
                + "\n"
                + key.scheme()
                + "\n"
                + key.query()
                + "\n"
                + key.version()
                + "\n"
                + key.caller()
                + (vary == null ? "" : "\n" + vary));
    return new byte[][] {bytes(PREFIX + "{" + place + "}:" + name), changed(place)};
  }

  static byte[] changed(String place) {
    return bytes(PREFIX + "{" + place + "}:changed");
  }

  static String place(CacheKey key) {
    return place(key.authority(), key.path());
  }

  /**
   * @param authority in lower case
   */
  static String place(String authority, String path) {
    return digest(authority + "\n" + path);
  }

  /** The keys of what nodes tell each other. */
  static byte[][] news() {
    return new byte[][] {
      bytes("{headgate:cache}:told"),
      bytes("{headgate:cache}:seq"),
      bytes("{headgate:cache}:purged")
    };
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}

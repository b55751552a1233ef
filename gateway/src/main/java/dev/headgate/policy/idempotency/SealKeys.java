package dev.headgate.policy.idempotency;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys that entries are encrypted with: the first encrypts, all decrypt. */
final class SealKeys {
  private static final int LONGEST_ID = 64;

  private final List<Key> keys;

  private SealKeys(List<Key> keys) {
    this.keys = keys;
  }

  record Key(String id, SecretKeySpec secret) {}

  /**
   * @param text lines of {@code id:base64}, of 16 or 32 bytes; blank ones and those that begin with
   *     {@code #} are comments
   * @throws IllegalArgumentException naming the line, and nothing that stands in it
   */
  static SealKeys parse(String text) {
    List<Key> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && line.charAt(0) != '#') {
        Key key = key(line, i + 1);
        if (!ids.add(key.id())) {
          throw refused(i + 1, "an id that no other line has");
        }
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no key (expected: a line of id:base64)");
    }
    return new SealKeys(List.copyOf(keys));
  }

  private static Key key(String line, int number) {
    int colon = line.indexOf(':');
    String id = colon < 0 ? "" : line.substring(0, colon).strip();
    if (id.isEmpty()
        || id.length() > LONGEST_ID
        || !StandardCharsets.US_ASCII.newEncoder().canEncode(id)) {
      throw refused(number, "id:base64 of 16 or 32 bytes");
    }
    byte[] secret;
    try {
      secret = Base64.getDecoder().decode(line.substring(colon + 1).strip());
    } catch (IllegalArgumentException e) {
      // Its message quotes what it could not read.
      throw refused(number, "id:base64 of 16 or 32 bytes");
    }
    if (secret.length != 16 && secret.length != 32) {
      throw refused(number, "id:base64 of 16 or 32 bytes");
    }
    return new Key(id, new SecretKeySpec(secret, "AES"));
  }

  private static IllegalArgumentException refused(int line, String expected) {
    return new IllegalArgumentException("line %d (expected: %s)".formatted(line, expected));
  }

  Key first() {
    return keys.get(0);
  }

  @Nullable Key find(String id) {
    for (Key key : keys) {
      if (key.id().equals(id)) {
        return key;
      }
    }
    return null;
  }
}

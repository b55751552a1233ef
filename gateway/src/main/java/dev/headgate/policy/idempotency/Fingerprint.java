package dev.headgate.policy.idempotency;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * By what a repeat is known to be one: two SHA-256 digests, of everything about the request but its
 * body, and of the body.
 */
final class Fingerprint {
  /** Of each digest, in bytes. */
  static final int LENGTH = 32;

  private final byte[] head;
  private final byte @Nullable [] body;

  /**
   * @param head of {@link #LENGTH} bytes, owned from here on
   * @param body the same, or null where the body was too large to be read before the claim
   */
  Fingerprint(byte[] head, byte @Nullable [] body) {
    this.head = head;
    this.body = body;
  }

  byte[] head() {
    return head.clone();
  }

  byte @Nullable [] body() {
    return body == null ? null : body.clone();
  }

  boolean knowsBody() {
    return body != null;
  }

  /** Whether both can be of the same request: what is not known of either differs in nothing. */
  boolean matches(Fingerprint other) {
    return MessageDigest.isEqual(head, other.head)
        && (body == null || other.body == null || MessageDigest.isEqual(body, other.body));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fingerprint that
        && Arrays.equals(head, that.head)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(head);
  }
}

package dev.headgate.policy.idempotency;

import dev.headgate.policy.idempotency.EntryCodec.State;
import dev.headgate.policy.idempotency.Wire.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An entry as Redis has it: what scripts look at in front, in places that do not move, and behind
 * it what they do not.
 *
 * <pre>
 * version '1'  state (1)  token (16)  end of the lease (14 digits, ms by Redis's clock)  sealed
 * </pre>
 */
final class StoredValue {
  static final char VERSION = '1';
  static final int TOKEN_AT = 2;
  static final int TOKEN_LENGTH = 16;
  static final int LEASE_AT = TOKEN_AT + TOKEN_LENGTH;
  static final int DIGITS = 14;
  static final int HEAD = LEASE_AT + DIGITS;

  private StoredValue() {}

  static byte[] bytes(Token token) {
    return ByteBuffer.allocate(TOKEN_LENGTH).putLong(token.high()).putLong(token.low()).array();
  }

  /**
   * @param reply Redis's time (14 digits, ms), then the value
   */
  static Entry read(Seal seal, LookupKey key, byte[] reply) {
    if (reply.length < DIGITS + HEAD || reply[DIGITS] != VERSION) {
      throw new Malformed("not of this version");
    }
    State state = State.of(reply[DIGITS + 1] & 0xff);
    ByteBuffer head = ByteBuffer.wrap(reply, DIGITS + TOKEN_AT, TOKEN_LENGTH);
    Token token = new Token(head.getLong(), head.getLong());
    long left = number(reply, DIGITS + LEASE_AT) - number(reply, 0);
    EntryCodec.Content content = seal.open(key, reply, DIGITS + HEAD);
    if (content.kind() != state.kind()) {
      throw new Malformed("not what it says it is");
    }
    return switch (state) {
      case CLAIMED, TAKEN_OVER ->
          left > 0
              ? new Entry.Running(content.fingerprint(), token, Duration.ofMillis(left))
              : new Entry.Unknown(content.fingerprint(), token);
      case UNKNOWN -> new Entry.Unknown(content.fingerprint(), token);
      case NOT_STORED -> new Entry.NotStored(content.fingerprint());
      case ANSWERED -> completed(content);
    };
  }

  private static Entry completed(EntryCodec.Content content) {
    StoredAnswer answer = content.answer();
    if (answer == null) {
      throw new Malformed("no answer");
    }
    return new Entry.Completed(content.fingerprint(), answer);
  }

  private static long number(byte[] bytes, int from) {
    String digits = new String(bytes, from, DIGITS, StandardCharsets.ISO_8859_1);
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Malformed("no time");
    }
    return Long.parseLong(digits);
  }
}

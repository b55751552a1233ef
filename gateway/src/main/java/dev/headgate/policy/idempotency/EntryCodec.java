package dev.headgate.policy.idempotency;

import dev.headgate.policy.idempotency.Wire.Malformed;
import dev.headgate.policy.idempotency.Wire.Reader;
import dev.headgate.policy.idempotency.Wire.Writer;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What of an entry is not for a store to see, as bytes: what it is, its fingerprint, its answer.
 *
 * <pre>
 * kind (1)  bodyKnown (1)  head (32)  [body (32)]
 * of an answer besides:  status (number)  headers  trailers  body (to the end)
 * fields:                count (number)  then for each: length (number) name length (number) value
 * </pre>
 */
final class EntryCodec {
  private static final int CLAIM = 1;
  private static final int ANSWER = 2;
  private static final int NOT_STORED = 3;
  private static final int LEAST_STATUS = 200;
  private static final int GREATEST_STATUS = 599;

  private EntryCodec() {}

  /**
   * What was read.
   *
   * @param kind as {@link State#kind}
   * @param answer only where the kind has one
   */
  record Content(int kind, Fingerprint fingerprint, @Nullable StoredAnswer answer) {}

  /** What the store itself sees of an entry, and changes. */
  enum State {
    /** Claimed while it was free. */
    CLAIMED('C', CLAIM),
    /** Claimed while its outcome was unknown, which it is again when the claim is released. */
    TAKEN_OVER('O', CLAIM),
    UNKNOWN('U', CLAIM),
    ANSWERED('A', ANSWER),
    NOT_STORED('N', EntryCodec.NOT_STORED);

    private final char letter;
    private final int kind;

    State(char letter, int kind) {
      this.letter = letter;
      this.kind = kind;
    }

    char letter() {
      return letter;
    }

    /** What is said of it where nobody can change it: both must agree. */
    int kind() {
      return kind;
    }

    static State of(int letter) {
      for (State state : values()) {
        if (state.letter == letter) {
          return state;
        }
      }
      throw new Malformed("no state");
    }

    static State of(Entry.Settled entry) {
      if (entry instanceof Entry.Completed) {
        return ANSWERED;
      }
      return entry instanceof Entry.NotStored ? NOT_STORED : UNKNOWN;
    }
  }

  /**
   * @param before bytes to leave free at the beginning
   */
  static byte[] encode(State state, Entry entry, int before) {
    return entry instanceof Entry.Completed completed
        ? encode(completed.fingerprint(), completed.answer(), before)
        : encode(state.kind(), entry.fingerprint(), before);
  }

  private static byte[] encode(int kind, Fingerprint fingerprint, int before) {
    byte[] bytes = new byte[before + size(fingerprint)];
    write(new Writer(bytes, before), kind, fingerprint);
    return bytes;
  }

  static byte[] encodeClaim(Fingerprint fingerprint, int before) {
    return encode(CLAIM, fingerprint, before);
  }

  private static byte[] encode(Fingerprint fingerprint, StoredAnswer answer, int before) {
    int size =
        size(fingerprint)
            + Wire.sizeOf(answer.status())
            + Fields.size(answer.headers())
            + Fields.size(answer.trailers())
            + answer.body().length;
    byte[] bytes = new byte[before + size];
    Writer writer = new Writer(bytes, before);
    write(writer, ANSWER, fingerprint);
    writer.number(answer.status());
    Fields.write(writer, answer.headers());
    Fields.write(writer, answer.trailers());
    writer.raw(answer.body());
    return bytes;
  }

  private static int size(Fingerprint fingerprint) {
    return 2 + (fingerprint.knowsBody() ? 2 : 1) * Fingerprint.LENGTH;
  }

  private static void write(Writer writer, int kind, Fingerprint fingerprint) {
    writer.octet(kind);
    byte[] body = fingerprint.body();
    writer.octet(body == null ? 0 : 1);
    writer.raw(fingerprint.head());
    if (body != null) {
      writer.raw(body);
    }
  }

  /** Throws {@link Malformed} for what {@link #encode} cannot have made. */
  static Content decode(byte[] bytes, int from) {
    Reader reader = new Reader(bytes, from);
    int kind = reader.octet();
    int known = reader.octet();
    if (known > 1) {
      throw new Malformed("neither with nor without a body's digest");
    }
    Fingerprint fingerprint =
        new Fingerprint(
            reader.raw(Fingerprint.LENGTH), known == 1 ? reader.raw(Fingerprint.LENGTH) : null);
    if (kind == ANSWER) {
      return new Content(kind, fingerprint, answer(reader));
    }
    if ((kind != CLAIM && kind != NOT_STORED) || reader.left() != 0) {
      throw new Malformed("no kind of entry, or more than one");
    }
    return new Content(kind, fingerprint, null);
  }

  private static StoredAnswer answer(Reader reader) {
    int status = reader.number();
    if (status < LEAST_STATUS || status > GREATEST_STATUS) {
      throw new Malformed("no status");
    }
    HttpHeaders headers = Fields.read(reader);
    HttpHeaders trailers = Fields.read(reader);
    return new StoredAnswer(status, headers, reader.raw(reader.left()), trailers);
  }
}

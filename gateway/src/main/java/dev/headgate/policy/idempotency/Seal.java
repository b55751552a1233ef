package dev.headgate.policy.idempotency;

import dev.headgate.policy.idempotency.Wire.Malformed;
import dev.headgate.policy.idempotency.Wire.Reader;
import dev.headgate.policy.idempotency.Wire.Writer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Packs what is kept elsewhere: smaller where it is large, and not to be read or changed there
 * where there are keys. An entry that was moved to another key does not open.
 *
 * <pre>
 * flags (1)  [id of the key (text)  nonce (12)]  then, encrypted or not:
 * the content, or  length (number)  deflated content
 * </pre>
 */
final class Seal {
  /** Of what an entry is made of, whatever is said about it. */
  static final int MOST_BYTES = 64 << 20;

  private static final int DEFLATED = 1;
  private static final int ENCRYPTED = 2;
  private static final int WORTH_DEFLATING = 1_024;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final ThreadLocal<Cipher> CIPHERS = ThreadLocal.withInitial(Seal::cipher);

  private final boolean deflate;
  private final @Nullable SealKeys keys;
  private final SecureRandom random;

  Seal(boolean deflate, @Nullable SealKeys keys, SecureRandom random) {
    this.deflate = deflate;
    this.keys = keys;
    this.random = random;
  }

  /** Whether packing or opening so many bytes costs more than copying them. */
  boolean isWork(int bytes) {
    return keys != null || (deflate && bytes > WORTH_DEFLATING);
  }

  /**
   * @param content with its first byte free; owned from here on
   */
  byte[] pack(LookupKey key, byte[] content) {
    byte[] packed = content;
    int flags = 0;
    if (deflate && content.length > WORTH_DEFLATING) {
      byte[] smaller = deflated(content);
      if (smaller != null) {
        packed = smaller;
        flags |= DEFLATED;
      }
    }
    if (keys != null) {
      packed = encrypted(keys.first(), key, packed);
      flags |= ENCRYPTED;
    }
    packed[0] = (byte) flags;
    return packed;
  }

  // Both from the second byte on. Null where it gains nothing.
  private static byte @Nullable [] deflated(byte[] content) {
    int length = content.length - 1;
    byte[] packed = new byte[content.length];
    Writer writer = new Writer(packed, 1);
    writer.number(length);
    int from = 1 + Wire.sizeOf(length);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(content, 1, length);
      deflater.finish();
      int size = deflater.deflate(packed, from, packed.length - from);
      return deflater.finished() ? Arrays.copyOf(packed, from + size) : null;
    } finally {
      deflater.end();
    }
  }

  private byte[] encrypted(SealKeys.Key with, LookupKey key, byte[] content) {
    int head = 1 + Wire.sizeOf(with.id()) + NONCE;
    byte[] packed = new byte[head + content.length - 1 + TAG_BITS / Byte.SIZE];
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    Writer writer = new Writer(packed, 1);
    writer.text(with.id());
    writer.raw(nonce);
    try {
      Cipher cipher = CIPHERS.get();
      cipher.init(Cipher.ENCRYPT_MODE, with.secret(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(key.text().getBytes(StandardCharsets.US_ASCII));
      cipher.doFinal(content, 1, content.length - 1, packed, head);
      return packed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Throws {@link Malformed} for what cannot be opened. */
  EntryCodec.Content open(LookupKey key, byte[] packed, int from) {
    Reader reader = new Reader(packed, from);
    int flags = reader.octet();
    if ((flags & ~(DEFLATED | ENCRYPTED)) != 0) {
      throw new Malformed("packed in a way that is not known");
    }
    // Where there are keys, what is not encrypted was not written with them; it was written before
    // there were any, or by somebody else, and that cannot be told.
    byte[] bytes = packed;
    int at = reader.at();
    if ((flags & ENCRYPTED) != 0) {
      bytes = decrypted(key, reader, packed);
      at = 0;
    }
    if ((flags & DEFLATED) != 0) {
      bytes = inflated(bytes, at);
      at = 0;
    }
    return EntryCodec.decode(bytes, at);
  }

  private byte[] decrypted(LookupKey key, Reader reader, byte[] packed) {
    String id = reader.text();
    byte[] nonce = reader.raw(NONCE);
    SealKeys.Key with = keys == null ? null : keys.find(id);
    if (with == null) {
      throw new Malformed("encrypted with a key that is not there");
    }
    if (reader.left() < TAG_BITS / Byte.SIZE) {
      throw new Malformed("not encrypted");
    }
    try {
      Cipher cipher = CIPHERS.get();
      cipher.init(Cipher.DECRYPT_MODE, with.secret(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(key.text().getBytes(StandardCharsets.US_ASCII));
      return cipher.doFinal(packed, reader.at(), reader.left());
    } catch (AEADBadTagException e) {
      throw new Malformed("not what was encrypted");
    } catch (GeneralSecurityException e) {
      throw new Malformed("not encrypted");
    }
  }

  private static byte[] inflated(byte[] bytes, int from) {
    Reader reader = new Reader(bytes, from);
    int length = reader.number();
    // Deflate makes nothing smaller than by 1,032 to 1.
    if (length > MOST_BYTES || length > 1_032L * reader.left()) {
      throw new Malformed("larger than it can be");
    }
    byte[] content = new byte[length];
    Inflater inflater = new Inflater(true);
    try {
      // The JDK's raw inflater may want one byte more than there is.
      inflater.setInput(Arrays.copyOfRange(bytes, reader.at(), bytes.length + 1));
      int size = inflater.inflate(content);
      if (size != length || (!inflater.finished() && inflater.inflate(new byte[1]) != 0)) {
        throw new Malformed("not of the size that it says");
      }
      return content;
    } catch (DataFormatException e) {
      throw new Malformed("not deflated");
    } finally {
      inflater.end();
    }
  }

  private static Cipher cipher() {
    try {
      return Cipher.getInstance(CIPHER);
    } catch (GeneralSecurityException e) {
      // Every JDK has it.
      throw new IllegalStateException(e);
    }
  }
}

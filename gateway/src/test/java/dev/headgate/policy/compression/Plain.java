package dev.headgate.policy.compression;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Undoes the codings, as a client would. */
final class Plain {
  private Plain() {}

  /** The whole of a finished body. */
  static byte[] of(Encoding encoding, byte[] compressed) {
    try (InputStream in = stream(encoding, compressed)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a client can read of a body that is still on its way. */
  static byte[] soFar(Encoding encoding, byte[] compressed, int bytes) {
    try (InputStream in = stream(encoding, compressed)) {
      byte[] read = new byte[bytes];
      // One by one: some decoders take nothing for an answer rather than less than was asked for.
      for (int i = 0; i < bytes; i++) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException("%d bytes (expected: %d)".formatted(i, bytes));
        }
        read[i] = (byte) next;
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream stream(Encoding encoding, byte[] compressed) throws IOException {
    InputStream in = new ByteArrayInputStream(compressed);
    return switch (encoding) {
      case GZIP -> new GZIPInputStream(in);
      case BR -> brotli(in);
      case ZSTD -> new ZstdInputStreamNoFinalizer(in);
    };
  }

  // As browsers do it: what can be decoded is, though the next byte is not there.
  private static InputStream brotli(InputStream compressed) throws IOException {
    BrotliInputStream in = new BrotliInputStream(compressed);
    in.enableEagerOutput();
    return in;
  }
}

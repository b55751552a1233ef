package dev.headgate.policy.compression;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliEncoderChannel;
import com.aayushatharva.brotli4j.encoder.Encoder;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** Brotli (RFC 7932). */
final class BrotliCompressor extends Compressor {
  static {
    // Else the first call into the library would fail, whoever made it.
    Brotli4jLoader.ensureAvailability();
  }

  /** 256 KiB instead of 4 MiB: the encoder's memory is a multiple of it, and held per body. */
  private static final int WINDOW_BITS = 18;

  private static final int INPUT_BYTES = 16 * 1024;

  private final Target target = new Target();
  private final BrotliEncoderChannel encoder;

  BrotliCompressor(int quality) {
    try {
      encoder =
          new BrotliEncoderChannel(
              target, Encoder.Parameters.create(quality, WINDOW_BITS), INPUT_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void compress(ByteBuffer input, ByteBuf out, Until until) {
    target.out = out;
    try {
      while (input.hasRemaining()) {
        encoder.write(input);
      }
      switch (until) {
        case ENOUGH -> {}
        case FLUSHED -> encoder.flush();
        case FINISHED -> encoder.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      target.out = null;
    }
  }

  @Override
  public void close() {
    try {
      // Ends the format into nowhere where the body was not finished; frees the library's memory.
      encoder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the library writes: the buffer of the call under way. */
  private static final class Target implements WritableByteChannel {
    private @Nullable ByteBuf out;

    @Override
    public int write(ByteBuffer compressed) {
      int bytes = compressed.remaining();
      if (out == null) {
        compressed.position(compressed.limit());
      } else {
        out.writeBytes(compressed);
      }
      return bytes;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}

package dev.headgate.policy.compression;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Zstandard (RFC 8878). */
final class ZstdCompressor extends Compressor {
  /**
   * 256 KiB: decoders need not accept more than 8 MiB (RFC 9659), and the library's memory is a
   * multiple of it, held per body.
   */
  private static final int WINDOW_BITS = 18;

  private final ZstdCompressCtx context = new ZstdCompressCtx();

  ZstdCompressor(int level) {
    context.setLevel(level).setWindowLog(WINDOW_BITS);
  }

  @Override
  void pledge(int bytes) {
    context.setPledgedSrcSize(bytes);
  }

  @Override
  void compress(ByteBuffer input, ByteBuf out, Until until) {
    EndDirective directive =
        switch (until) {
          case ENOUGH -> EndDirective.CONTINUE;
          case FLUSHED -> EndDirective.FLUSH;
          case FINISHED -> EndDirective.END;
        };
    ByteBuffer direct = direct(input);
    boolean done;
    do {
      ByteBuffer room = room(out);
      done = context.compressDirectByteBufferStream(room, direct, directive);
      written(out, room);
    } while (until == Until.ENOUGH ? direct.hasRemaining() : !done);
  }

  // The library takes no other, and not an empty one either.
  private static ByteBuffer direct(ByteBuffer input) {
    if (input.isDirect() && input.hasRemaining()) {
      return input;
    }
    ByteBuffer copy = ByteBuffer.allocateDirect(Math.max(1, input.remaining()));
    copy.put(input);
    copy.flip();
    return copy;
  }

  @Override
  public void close() {
    context.close();
  }
}

package dev.headgate.policy.compression;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** The gzip format (RFC 1952) over the JDK's own zlib; about 256 KiB of native memory a body. */
final class GzipCompressor extends Compressor {
  private static final int MAGIC = 0x1F8B;
  private static final int DEFLATE = 8;
  private static final int UNKNOWN_SYSTEM = 255;

  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private boolean begun;

  GzipCompressor(int level) {
    deflater = new Deflater(level, true);
  }

  @Override
  void compress(ByteBuffer input, ByteBuf out, Until until) {
    if (!begun) {
      begun = true;
      header(out);
    }
    crc.update(input.duplicate());
    deflater.setInput(input);
    if (until == Until.FINISHED) {
      deflater.finish();
    }
    int mode = until == Until.FLUSHED ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
    ByteBuffer room;
    do {
      room = room(out);
      deflater.deflate(room, mode);
      written(out, room);
      // A full buffer is the library's only sign that there is more.
    } while (!room.hasRemaining());
    if (until == Until.FINISHED) {
      out.writeIntLE((int) crc.getValue());
      out.writeIntLE(deflater.getTotalIn());
    }
  }

  // No name, no time, no flags (section 2.3).
  private static void header(ByteBuf out) {
    out.writeShort(MAGIC);
    out.writeByte(DEFLATE);
    out.writeZero(6);
    out.writeByte(UNKNOWN_SYSTEM);
  }

  @Override
  public void close() {
    deflater.end();
  }
}

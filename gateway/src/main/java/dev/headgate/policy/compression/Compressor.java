package dev.headgate.policy.compression;

import dev.headgate.exchange.SteppedBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * One compressed body in the making. What goes in comes out whole, flushed, at once: an event
 * stream stays as timely as it was.
 *
 * <p>It runs on the event loop: handing 64 KiB to another thread and back costs about as much as
 * compressing them fast, and order would have to be kept. A turn takes no more than that, since
 * {@link SteppedBody} cuts what is larger, and at most one turn belongs to one exchange before
 * others have theirs.
 */
abstract class Compressor implements SteppedBody.Step {
  private static final ByteBufAllocator BUFFERS = ByteBufAllocator.DEFAULT;

  /** Bytes by which a small input may grow: framing, flush markers. */
  private static final int SLACK = 64;

  /** What has to be out when a call returns. */
  enum Until {
    /** Whatever the library likes. */
    ENOUGH,
    /** Everything that went in. */
    FLUSHED,
    /** Everything, and the end of the format. */
    FINISHED
  }

  /**
   * Compresses all of an input.
   *
   * @param input consumed; of either kind, empty too
   * @param out grows as needed
   */
  abstract void compress(ByteBuffer input, ByteBuf out, Until until);

  /** The length of all that is to come, ahead of the first byte, where it is known. */
  void pledge(int bytes) {}

  @Override
  public ByteBuf next(ByteBuf buffer) {
    return compress(buffer, Until.FLUSHED);
  }

  @Override
  public ByteBuf last() {
    return compress(Unpooled.EMPTY_BUFFER, Until.FINISHED);
  }

  /** A whole body at once; releases it. */
  final ByteBuf whole(ByteBuf buffer) {
    pledge(buffer.readableBytes());
    return compress(buffer, Until.FINISHED);
  }

  private ByteBuf compress(ByteBuf buffer, Until until) {
    ByteBuf out = null;
    try {
      out = BUFFERS.directBuffer(buffer.readableBytes() / 2 + SLACK);
      ByteBuffer[] parts = buffer.nioBuffers();
      for (int i = 0; i < parts.length - 1; i++) {
        compress(parts[i], out, Until.ENOUGH);
      }
      compress(parts[parts.length - 1], out, until);
      ByteBuf whole = out;
      out = null;
      return whole;
    } finally {
      buffer.release();
      if (out != null) {
        out.release();
      }
    }
  }

  /** Room to write in, at the buffer's end. */
  static ByteBuffer room(ByteBuf out) {
    out.ensureWritable(SLACK);
    return out.nioBuffer(out.writerIndex(), out.writableBytes());
  }

  /** Counts what was written into {@link #room}. */
  static void written(ByteBuf out, ByteBuffer room) {
    out.writerIndex(out.writerIndex() + room.position());
  }
}

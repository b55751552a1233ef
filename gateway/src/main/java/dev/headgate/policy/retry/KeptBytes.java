package dev.headgate.policy.retry;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a body, copied, so that what it costs is what it holds: a kept buffer may be a
 * few bytes of a whole read's memory. It owns its pieces, and gives out slices that count
 * references of their own. A piece never grows beyond what it was made for, so slices stay valid.
 */
final class KeptBytes {
  // Of bodies that come in drops.
  private static final int LEAST_PIECE = 2 * 1024;

  private final long most;
  private final List<ByteBuf> pieces = new ArrayList<>(2);
  private long size;

  /** How far one reader has come. */
  static final class Position {
    private int piece;
    private int offset;
  }

  /**
   * @param most bytes
   */
  KeptBytes(long most) {
    this.most = most;
  }

  /** Copies a buffer's bytes, all or none. */
  boolean keep(ByteBuf buffer) {
    int length = buffer.readableBytes();
    if (size + length > most) {
      return false;
    }
    int from = buffer.readerIndex();
    int left = length;
    while (left > 0) {
      ByteBuf last = room(buffer, left);
      int part = Math.min(left, last.writableBytes());
      last.writeBytes(buffer, from, part);
      from += part;
      left -= part;
      size += part;
    }
    return true;
  }

  private ByteBuf room(ByteBuf like, int wanted) {
    ByteBuf last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    if (last == null || !last.isWritable()) {
      int room = (int) Math.min(most - size, Math.max(LEAST_PIECE, wanted));
      last = like.alloc().buffer(room, room);
      pieces.add(last);
    }
    return last;
  }

  /** What follows at a position, which moves behind it; null where nothing does yet. */
  @Nullable ByteBuf next(Position at) {
    while (at.piece < pieces.size()) {
      ByteBuf piece = pieces.get(at.piece);
      int length = piece.writerIndex() - at.offset;
      if (length > 0) {
        ByteBuf slice = piece.retainedSlice(at.offset, length);
        at.offset += length;
        return slice;
      }
      if (piece.isWritable()) {
        return null;
      }
      at.piece++;
      at.offset = 0;
    }
    return null;
  }

  /** Whether nothing follows at a position. */
  boolean atEnd(Position at) {
    return at.piece >= pieces.size()
        || (at.piece == pieces.size() - 1 && at.offset == pieces.get(at.piece).writerIndex());
  }

  void toEnd(Position at) {
    at.piece = Math.max(0, pieces.size() - 1);
    at.offset = pieces.isEmpty() ? 0 : pieces.get(at.piece).writerIndex();
  }

  /** Lets everything go; slices given out live on. */
  void release() {
    pieces.forEach(ByteBuf::release);
    pieces.clear();
    size = 0;
  }
}

package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of an answer as it comes, for any number of readers on any event loops, each at its
 * own pace. As long as it is kept, what is here is memory of the cache's and readers share it; once
 * it is too large for that, only what some reader has not got yet is held, and whoever appends is
 * to wait until that is little.
 */
final class Growing {
  private static final int FIRST_ROOM = 4 * 1024;

  /** How far the slowest reader may be behind an answer that is not kept. */
  private static final int WINDOW = 256 * 1024;

  private final Room room;
  private final int most;
  private final long length;
  private final Runnable moved;
  // Guarded by this.
  private final List<Tap> taps = new ArrayList<>(2);
  private @Nullable ByteBuf content;
  private volatile boolean kept = true;
  private boolean noRoom;
  private boolean over;
  private @Nullable Throwable error;
  private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;

  /**
   * @param most bytes that are kept
   * @param length of the whole, -1 where it is not known
   * @param moved a reader has taken something, or left; by any thread
   */
  Growing(Room room, int most, long length, Runnable moved) {
    this.room = room;
    this.most = most;
    this.length = length;
    this.moved = moved;
  }

  /** Takes the memory for what is known to come; false where there is none. */
  synchronized boolean begin() {
    int wanted = length < 0 ? Math.min(FIRST_ROOM, most) : (int) length;
    content = wanted == 0 ? Unpooled.EMPTY_BUFFER : room.take(wanted);
    return content != null;
  }

  /** Another reader, from the first byte on; null where those are no longer here. */
  synchronized @Nullable Body open(EventLoop loop) {
    ByteBuf soFar = content;
    if (soFar == null) {
      return null;
    }
    Tap tap = new Tap(this, loop, length);
    if (soFar.isReadable()) {
      tap.offer(soFar.retainedDuplicate());
    }
    if (over) {
      tap.end(error, trailers);
    } else {
      taps.add(tap);
    }
    return tap;
  }

  /**
   * More of it, owned from here on.
   *
   * @param whole to be done when that was the last of what was known to come, before readers get it
   * @return whether all of it is kept, so that new readers can be had
   */
  synchronized boolean append(ByteBuf buffer, Runnable whole) {
    ByteBuf into = kept ? withRoomFor(buffer.readableBytes()) : null;
    if (into == null) {
      keepNothing();
      taps.forEach(tap -> tap.offer(buffer.retainedDuplicate()));
    } else {
      int from = into.writerIndex();
      int bytes = buffer.readableBytes();
      into.writeBytes(buffer);
      if (into.readableBytes() == length) {
        whole.run();
      }
      for (Tap tap : taps) {
        tap.offer(into.retainedSlice(from, bytes));
      }
    }
    buffer.release();
    return kept;
  }

  private @Nullable ByteBuf withRoomFor(int bytes) {
    ByteBuf now = content;
    if (now == null || now.writableBytes() >= bytes) {
      return now;
    }
    long wanted = (long) now.readableBytes() + bytes;
    if (wanted > most) {
      return null;
    }
    ByteBuf larger = room.take((int) Math.min(most, Math.max(wanted, 2L * now.capacity())));
    if (larger == null) {
      noRoom = true;
      return null;
    }
    larger.writeBytes(now, now.readerIndex(), now.readableBytes());
    now.release();
    content = larger;
    return larger;
  }

  private void keepNothing() {
    kept = false;
    ByteBuf held = content;
    content = null;
    if (held != null) {
      held.release();
    }
  }

  /** Whether more is to be asked for now. */
  synchronized boolean wantsMore() {
    return kept || taps.stream().allMatch(tap -> tap.pending() < WINDOW);
  }

  /** Whether nobody would get it, now or later. */
  synchronized boolean isUnwanted() {
    return !kept && taps.isEmpty();
  }

  /** Whether it could not be kept although it was small enough. */
  synchronized boolean lackedRoom() {
    return noRoom;
  }

  /**
   * All of it is here.
   *
   * @return the content in a buffer of its size, the caller's; null where it was not kept
   */
  synchronized @Nullable ByteBuf whole() {
    ByteBuf all = content;
    if (all == null) {
      return null;
    }
    if (all.capacity() - all.readableBytes() > all.readableBytes() / 8) {
      ByteBuf exact = all.isReadable() ? room.take(all.readableBytes()) : Unpooled.EMPTY_BUFFER;
      if (exact != null) {
        exact.writeBytes(all, all.readerIndex(), all.readableBytes());
        return exact;
      }
    }
    return all.retain();
  }

  /** Readers get what is here, and the end. */
  void end(HttpHeaders last) {
    trailers = last;
    over(null);
  }

  void fail(Throwable failure) {
    over(failure);
  }

  private synchronized void over(@Nullable Throwable failure) {
    over = true;
    error = failure;
    taps.forEach(tap -> tap.end(failure, trailers));
    taps.clear();
    keepNothing();
  }

  /** A reader has taken something. */
  void taken() {
    if (!kept) {
      moved.run();
    }
  }

  void left(Tap tap) {
    boolean wasThere;
    synchronized (this) {
      wasThere = taps.remove(tap);
    }
    if (wasThere) {
      moved.run();
    }
  }
}

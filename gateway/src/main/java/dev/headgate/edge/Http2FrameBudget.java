package dev.headgate.edge;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How many frames that bring no request and no content a client may send (RFC 9113 section 10.5).
 * Each costs it a few octets and us an answer or a look. Counted over a sliding window of ten
 * seconds; what a client does with its streams earns it more, as in Envoy, so that no download is
 * too fast for its own window updates.
 */
final class Http2FrameBudget {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  // Go's client gives its window back every 4 KiB: four for a DATA frame of 16 KiB on the stream,
  // and as many on the connection.
  private static final int UPDATES_PER_DATA = 10;
  private static final int PER_STREAM = 10;

  /** What costs. */
  enum Kind {
    /** Each is answered. A client that measures the path sends at most one for each DATA frame. */
    PING(0, 1_000),
    /** Each is answered, and may change every stream's window. */
    SETTINGS(1, 100),
    WINDOW_UPDATE(2, 2_000),
    /** PRIORITY, RST_STREAM, GOAWAY, and types that nobody here knows. */
    OTHER(3, 2_000);

    private final int slot;
    private final int free;

    Kind(int slot, int free) {
      this.slot = slot;
      this.free = free;
    }
  }

  private static final class Counts {
    private final int[] spent = new int[Kind.values().length];
    private int streams;
    private long data;

    void clear() {
      Arrays.fill(spent, 0);
      streams = 0;
      data = 0;
    }
  }

  private Counts current = new Counts();
  private Counts before = new Counts();
  private long beganNanos;

  /**
   * @param nowNanos when the connection began
   */
  Http2FrameBudget(long nowNanos) {
    this.beganNanos = nowNanos;
  }

  /** The client has opened a stream. */
  void streamOpened() {
    current.streams++;
  }

  /** A DATA frame has been sent to the client. */
  void dataSent() {
    current.data++;
  }

  /**
   * Counts one frame.
   *
   * @return false when it is one too many
   */
  boolean spend(Kind kind, long nowNanos) {
    long age = roll(nowNanos);
    current.spent[kind.slot]++;
    double share = 1 - (double) age / WINDOW_NANOS;
    double spent = current.spent[kind.slot] + before.spent[kind.slot] * share;
    return spent <= kind.free + earned(kind);
  }

  // What was earned counts in full for the window after, since what it is spent on follows it.
  private long earned(Kind kind) {
    long streams = PER_STREAM * ((long) current.streams + before.streams);
    long data = current.data + before.data;
    return switch (kind) {
      case PING -> data;
      case SETTINGS -> 0;
      case WINDOW_UPDATE -> streams + UPDATES_PER_DATA * data;
      case OTHER -> streams;
    };
  }

  private long roll(long nowNanos) {
    long age = nowNanos - beganNanos;
    if (age < WINDOW_NANOS) {
      return age;
    }
    Counts old = before;
    old.clear();
    before = current;
    current = old;
    if (age >= 2 * WINDOW_NANOS) {
      before.clear();
      beganNanos = nowNanos;
      return 0;
    }
    beganNanos += WINDOW_NANOS;
    return nowNanos - beganNanos;
  }
}

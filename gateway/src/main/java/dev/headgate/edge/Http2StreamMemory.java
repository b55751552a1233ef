package dev.headgate.edge;

/**
 * What the client has done with the streams it opened last. A codec forgets a stream when it is
 * closed, so it cannot tell a frame that was on its way when the stream was reset here, which is no
 * offence (RFC 9113 section 5.1), from one that must never have been sent.
 *
 * <p>Bounded: of the streams before the last {@value #SIZE} it says that it has forgotten them.
 */
final class Http2StreamMemory {
  static final int SIZE = 256;

  private static final int STATE_BITS = 2;
  private static final int STATE_MASK = (1 << STATE_BITS) - 1;
  private static final int ID_SHIFT = 32;

  private static final int OPEN = 0;
  private static final int ENDED = 1;
  private static final int RESET = 2;

  // A ring in the order of identifiers: the identifier, the octets that may still be in flight, the
  // state.
  private final long[] ring = new long[SIZE];
  private final int inFlight;
  private int opened;
  private int last;

  /** Of the client's direction of a stream. */
  enum State {
    OPEN,
    /** Ended by END_STREAM. */
    ENDED,
    /** Reset by the client. */
    RESET,
    /** Not opened yet. */
    IDLE,
    /** Passed over, and so closed without ever having been open (section 5.1.1). */
    SKIPPED,
    /** Too old to tell. */
    FORGOTTEN
  }

  /**
   * @param inFlight octets that a client may have sent on a stream before it learns that nobody
   *     takes them, 0 to 2^30
   */
  Http2StreamMemory(int inFlight) {
    this.inFlight = inFlight;
  }

  State of(int id) {
    if (id > last) {
      return State.IDLE;
    }
    int at = find(id);
    if (at >= 0) {
      return switch ((int) ring[at] & STATE_MASK) {
        case OPEN -> State.OPEN;
        case ENDED -> State.ENDED;
        default -> State.RESET;
      };
    }
    return opened > SIZE && id < id(ring[opened % SIZE]) ? State.FORGOTTEN : State.SKIPPED;
  }

  /** The client has opened a stream, with an identifier above all before. */
  void opened(int id) {
    ring[opened % SIZE] = ((long) id << ID_SHIFT) | ((long) inFlight << STATE_BITS) | OPEN;
    opened++;
    last = id;
  }

  void ended(int id) {
    mark(id, ENDED);
  }

  void reset(int id) {
    mark(id, RESET);
  }

  private void mark(int id, int state) {
    int at = find(id);
    if (at >= 0) {
      ring[at] = (ring[at] & ~STATE_MASK) | state;
    }
  }

  /**
   * Counts octets that came for a stream that nobody listens to any more.
   *
   * @return whether they can have been in flight
   */
  boolean late(int id, int octets) {
    int at = find(id);
    if (at < 0) {
      return false;
    }
    int left = (int) ring[at] >>> STATE_BITS;
    if (octets > left) {
      return false;
    }
    ring[at] -= (long) octets << STATE_BITS;
    return true;
  }

  private static int id(long entry) {
    return (int) (entry >>> ID_SHIFT);
  }

  private int find(int id) {
    int low = Math.max(0, opened - SIZE);
    int high = opened - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = id(ring[middle % SIZE]);
      if (found == id) {
        return middle % SIZE;
      }
      if (found < id) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}

package dev.headgate.upstream;

/** How much of its share an endpoint gets that has come or come back a while ago. */
final class SlowStart {
  // Less would make the first requests, and with them any sign of its health, too rare.
  private static final int LEAST_PERCENT = 10;

  private SlowStart() {}

  /**
   * A part of the full share: a tenth at first, growing linearly with time.
   *
   * @param full the share it gets in the end
   * @param windowNanos how long that takes; positive
   * @param sinceNanos how long it has been there
   */
  static int share(int full, long windowNanos, long sinceNanos) {
    if (sinceNanos >= windowNanos) {
      return full;
    }
    double part = Math.max(0, sinceNanos) / (double) windowNanos;
    return (int) Math.max(full * LEAST_PERCENT / 100.0, full * part);
  }
}

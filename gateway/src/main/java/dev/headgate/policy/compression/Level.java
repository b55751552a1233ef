package dev.headgate.policy.compression;

/**
 * How much work goes into an answer. Measured on one core of a busy 2-core machine, 64 KiB of JSON
 * take 0.2 to 0.6 ms at {@code fast}, and at {@code balanced} 0.6 ms with zstd, 1.4 ms with br and
 * 2.6 ms with gzip. The highest levels of the libraries are not offered: 4 to 6 ms of an event loop
 * made the same JSON no more than 3 % smaller.
 */
enum Level {
  FAST(1, 1, 1),
  BALANCED(6, 4, 3),
  SMALL(8, 6, 7);

  private final int gzip;
  private final int brotli;
  private final int zstd;

  Level(int gzip, int brotli, int zstd) {
    this.gzip = gzip;
    this.brotli = brotli;
    this.zstd = zstd;
  }

  int gzip() {
    return gzip;
  }

  int brotli() {
    return brotli;
  }

  int zstd() {
    return zstd;
  }
}

package dev.headgate.config;

/**
 * How large a configuration may be; beyond it there is an answer instead of an OutOfMemoryError.
 */
public final class Limits {
  /** Bytes of one file: 16 MiB. */
  public static final int FILE_BYTES = 16 << 20;

  /** Bytes of all files together: 64 MiB. */
  public static final long TOTAL_BYTES = 64L << 20;

  /** Keys and values of one file, those behind aliases counted each time: 1,000,000. */
  static final int NODES = 1_000_000;

  /** Objects and lists within each other. */
  static final int DEPTH = 50;

  private Limits() {}

  /** The message for a file beyond its limit. */
  public static String tooLarge(long bytes) {
    return bytes + " bytes (expected: at most " + FILE_BYTES + ", which is 16MiB, in one file)";
  }
}

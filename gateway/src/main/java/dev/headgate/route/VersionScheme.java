package dev.headgate.route;

import java.time.Month;
import java.time.Year;

/** How versions are written. Each reads text into a number that sorts as the versions do. */
public enum VersionScheme {
  /**
   * One to three whole numbers of at most six digits with dots between, none with a leading zero;
   * what is left out is 0, so that {@code 1}, {@code 1.0} and {@code v1} are one version.
   */
  NUMBER {
    @Override
    long readPlain(String text, int from, int to) {
      long key = 0;
      int at = from;
      for (int part = 0; part < PARTS; part++) {
        key <<= PART_BITS;
        if (part == 0 || at < to) {
          if (part > 0 && text.charAt(at++) != '.') {
            return NONE;
          }
          int end = numberEnd(text, at, to);
          if (end == at) {
            return NONE;
          }
          key |= number(text, at, end);
          at = end;
        }
      }
      return at == to ? key : NONE;
    }

    /** Where a number of at most six digits without a leading zero ends; its start for none. */
    private int numberEnd(String text, int from, int to) {
      int end = from;
      while (end < to && end - from <= DIGITS && Ascii.isDigit(text.charAt(end))) {
        end++;
      }
      boolean zero = end - from > 1 && text.charAt(from) == '0';
      return zero || end - from > DIGITS ? from : end;
    }
  },

  /** A day, {@code 2026-11-01}. */
  DATE {
    @Override
    long readPlain(String text, int from, int to) {
      if (to - from != DATE_LENGTH
          || text.charAt(from + 4) != '-'
          || text.charAt(from + 7) != '-') {
        return NONE;
      }
      long year = number(text, from, from + 4);
      long month = number(text, from + 5, from + 7);
      long day = number(text, from + 8, to);
      if (year < 0 || month < 1 || month > 12 || day < 1) {
        return NONE;
      }
      if (day > Month.of((int) month).length(Year.isLeap(year))) {
        return NONE;
      }
      return (((year << PART_BITS) | month) << PART_BITS) | day;
    }
  };

  /** What is no version. */
  public static final long NONE = -1;

  static final int PART_BITS = 20;
  private static final int PARTS = 3;
  private static final int DIGITS = 6;
  private static final int DATE_LENGTH = 10;

  /** The version that the text says, a leading {@code v} ignored, or {@link #NONE}. */
  public final long read(String text) {
    return read(text, 0, text.length());
  }

  /** The same of a range. Allocates nothing. */
  final long read(String text, int from, int to) {
    boolean marked = from < to && (text.charAt(from) | 0x20) == 'v';
    return readPlain(text, marked ? from + 1 : from, to);
  }

  abstract long readPlain(String text, int from, int to);

  /** What only digits stand for, or {@link #NONE}. */
  private static long number(String text, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      if (!Ascii.isDigit(text.charAt(i))) {
        return NONE;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}

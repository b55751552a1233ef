package dev.headgate.policy.cache;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a stored answer that a request asks for (RFC 9110 section 14).
 *
 * @param first byte of it, from 0
 * @param length in bytes; 0 where the answer has no such part
 */
record ByteRange(int first, int length) {
  private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);
  private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  /**
   * One range; empty where there are several, or none that can be read, so that the whole answer is
   * the one to give.
   *
   * @param whole length of the answer
   */
  static Optional<ByteRange> of(String field, int whole) {
    Matcher range = ONE.matcher(field.trim().toLowerCase(Locale.ROOT));
    if (!range.matches()) {
      return Optional.empty();
    }
    String from = range.group(1);
    String to = range.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(to), whole));
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
    if (last < first) {
      return Optional.empty();
    }
    return Optional.of(
        first >= whole
            ? UNSATISFIABLE
            : new ByteRange((int) first, (int) (Math.min(last, whole - 1L) - first + 1)));
  }

  private static ByteRange suffix(long length, int whole) {
    int some = (int) Math.min(length, whole);
    return some == 0 ? UNSATISFIABLE : new ByteRange(whole - some, some);
  }
}

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
record ByteRange(long first, long length) {
  private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);
  private static final int LONGEST = 18;
  private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d*)-(\\d*)\\s*");

  /**
   * One range; empty where there are several, or none that can be read, so that the whole answer is
   * the one to give.
   *
   * @param whole length of the answer
   */
  static Optional<ByteRange> of(String field, long whole) {
    Matcher range = ONE.matcher(field.trim().toLowerCase(Locale.ROOT));
    if (!range.matches()) {
      return Optional.empty();
    }
    String from = range.group(1);
    String to = range.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(suffix(number(to), whole));
    }
    long first = number(from);
    long last = to.isEmpty() ? Long.MAX_VALUE : number(to);
    if (last < first) {
      return Optional.empty();
    }
    return Optional.of(
        first >= whole
            ? UNSATISFIABLE
            : new ByteRange(first, Math.min(last, whole - 1) - first + 1));
  }

  // RFC 9110 section 17.5: however large it is.
  private static long number(String digits) {
    int at = 0;
    while (at < digits.length() - 1 && digits.charAt(at) == '0') {
      at++;
    }
    return digits.length() - at > LONGEST ? Long.MAX_VALUE : Long.parseLong(digits.substring(at));
  }

  private static ByteRange suffix(long length, long whole) {
    long some = Math.min(length, whole);
    return some == 0 ? UNSATISFIABLE : new ByteRange(whole - some, some);
  }
}

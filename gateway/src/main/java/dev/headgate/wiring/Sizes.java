package dev.headgate.wiring;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in process settings, with their unit. */
final class Sizes {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");
  private static final Map<String, Integer> SHIFTS =
      Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30);
  private static final long LEAST = 1L << 20;

  private Sizes() {}

  /**
   * @param key for the message
   * @throws IllegalArgumentException where that is no size, or less than 1 MiB
   */
  static long bytes(String key, String text) {
    Matcher matcher = SIZE.matcher(text);
    long bytes =
        matcher.matches()
            ? Long.parseLong(matcher.group(1)) << SHIFTS.getOrDefault(matcher.group(2), 0)
            : 0;
    if (bytes < LEAST) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a size such as 64MiB, 1MiB or more)".formatted(key, text));
    }
    return bytes;
  }
}

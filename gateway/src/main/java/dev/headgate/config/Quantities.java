package dev.headgate.config;

import static dev.headgate.config.ProblemCode.BAD_DURATION;
import static dev.headgate.config.ProblemCode.BAD_PERCENT;
import static dev.headgate.config.ProblemCode.BAD_SIZE;
import static dev.headgate.config.ProblemCode.MISSING_UNIT;
import static dev.headgate.config.ProblemCode.OUT_OF_RANGE;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values with units. A number is whole and has one unit: {@code 1500ms}, not {@code 1.5s} or {@code
 * 1s500ms}, so that each value has one reading and searching the files for it finds it.
 */
final class Quantities {
  static final String A_DURATION = "a duration such as 500ms, 3s, 5m";
  static final String A_SIZE = "a size such as 512B, 64KiB, 1MiB";
  static final String A_PERCENTAGE = "a percentage such as 50%";
  static final String DURATION_PATTERN = "^[0-9]{1,15}(ms|s|m|h|d)$";
  static final String SIZE_PATTERN = "^[0-9]{1,15}(B|KB|MB|GB|KiB|MiB|GiB)$";
  static final String PERCENT_PATTERN = "^[0-9]{1,3}(\\.[0-9]{1,2})?%$";

  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,15}");
  private static final Pattern BARE = Pattern.compile("[0-9][0-9_]*(\\.[0-9]+)?");
  private static final Pattern UNIT = Pattern.compile("([0-9]{1,15})([A-Za-z]+)");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,2})?)%");
  private static final Map<String, Long> MILLIS =
      units("ms", 1, "s", 1_000, "m", 60_000, "h", 3_600_000, "d", 86_400_000);
  private static final Map<String, Long> BYTES =
      units(
          "B",
          1,
          "KB",
          1_000,
          "MB",
          1_000_000,
          "GB",
          1_000_000_000,
          "KiB",
          1 << 10,
          "MiB",
          1 << 20,
          "GiB",
          1 << 30);

  private Quantities() {}

  private static Map<String, Long> units(Object... namesAndFactors) {
    Map<String, Long> units = new LinkedHashMap<>();
    for (int i = 0; i < namesAndFactors.length; i += 2) {
      units.put((String) namesAndFactors[i], ((Integer) namesAndFactors[i + 1]).longValue());
    }
    return units;
  }

  static @Nullable Duration duration(String text, Duration min, Duration max, Refusal refusal) {
    Long millis = parse(text, MILLIS, BAD_DURATION, A_DURATION, refusal);
    if (millis == null) {
      return null;
    }
    Duration value = Duration.ofMillis(millis);
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      refusal.because(
          OUT_OF_RANGE, "is out of range (expected: " + format(min) + ".." + format(max) + ")");
      return null;
    }
    return value;
  }

  static @Nullable Long size(String text, long min, long max, Refusal refusal) {
    Long value = parse(text, BYTES, BAD_SIZE, A_SIZE, refusal);
    if (value != null && (value < min || value > max)) {
      refusal.because(
          OUT_OF_RANGE,
          "is out of range (expected: " + formatSize(min) + ".." + formatSize(max) + ")");
      return null;
    }
    return value;
  }

  static @Nullable Double percent(String text, double min, double max, Refusal refusal) {
    Matcher matcher = PERCENT.matcher(text);
    if (!matcher.matches()) {
      boolean bare = BARE.matcher(text).matches();
      refusal.because(
          bare ? MISSING_UNIT : BAD_PERCENT,
          (bare ? "has no %" : "is no percentage") + " (expected: " + A_PERCENTAGE + ")");
      return null;
    }
    double value = Double.parseDouble(matcher.group(1));
    if (value < min || value > max) {
      refusal.because(
          OUT_OF_RANGE,
          "is out of range (expected: " + formatPercent(min) + ".." + formatPercent(max) + ")");
      return null;
    }
    return value;
  }

  private static @Nullable Long parse(
      String text, Map<String, Long> units, ProblemCode bad, String expected, Refusal refusal) {
    if (BARE.matcher(text).matches()) {
      refusal.because(MISSING_UNIT, "has no unit (expected: " + expected + ")");
      return null;
    }
    Matcher matcher = UNIT.matcher(text);
    Long factor = matcher.matches() ? units.get(matcher.group(2)) : null;
    if (factor == null) {
      refusal.because(
          bad,
          "is no whole number with one of the units "
              + Texts.choice(units.keySet())
              + " (expected: "
              + expected
              + ")");
      return null;
    }
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    } catch (ArithmeticException tooLarge) {
      return Long.MAX_VALUE;
    }
  }

  /** As one would write it: the largest unit that leaves a whole number. */
  static String format(Duration duration) {
    return format(duration.toMillis(), MILLIS, "ms");
  }

  static String formatSize(long bytes) {
    return format(bytes, BYTES, "B");
  }

  static String formatPercent(double percent) {
    return (percent == Math.rint(percent)
            ? String.valueOf((long) percent)
            : String.valueOf(percent))
        + "%";
  }

  // Units come smallest first; of those that divide the amount, the last is the largest.
  private static String format(long amount, Map<String, Long> units, String smallest) {
    String best = amount + smallest;
    long largest = 1;
    for (Map.Entry<String, Long> unit : units.entrySet()) {
      long factor = unit.getValue();
      if (amount != 0 && amount % factor == 0 && factor > largest) {
        largest = factor;
        best = amount / factor + unit.getKey();
      }
    }
    return best;
  }

  /** Whether the text is a whole number without a sign. */
  static boolean isWhole(String text) {
    return WHOLE.matcher(text).matches();
  }
}

package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many retries and hedges an upstream gets, whichever routes they come by.
 *
 * @param percent of first tries, 0 to 100
 * @param minimumPerSecond beside that, 0 to 100,000
 */
record BudgetConfig(double percent, int minimumPerSecond) {
  private static final int ALL = 100;
  private static final int MOST_PER_SECOND = 100_000;
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,2})?%?");

  private static final ObjectSpec<BudgetConfig> SPEC = spec();

  /** What holds where nothing is written. */
  static final BudgetConfig DEFAULT = SPEC.defaults();

  static final ConfigKey<BudgetConfig> KEY =
      new ConfigKey<>(
          "retry-budget",
          SPEC,
          "How many retries and hedges this upstream gets from all routes together. Where it is spent, the answer or failure at hand is passed on.");

  private static ObjectSpec<BudgetConfig> spec() {
    Field<Double> percent =
        Field.withDefault(
            "percent",
            percentage(),
            "20",
            "Retries and hedges for each hundred first tries. What is not used is saved, up to ten seconds of minimum-per-second, at least ten.");
    Field<Integer> minimum =
        Field.withDefault(
            "minimum-per-second",
            Specs.integer(0, MOST_PER_SECOND),
            "3",
            "So many there are each second, however few requests come.");
    return Specs.object(v -> new BudgetConfig(v.get(percent), v.get(minimum)), percent, minimum);
  }

  private static Spec<Double> percentage() {
    return Specs.text(PERCENT, ProblemCode.BAD_PERCENT, "a percentage such as 20 or 20%, 0..100")
        .map(text -> Double.parseDouble(text.replace("%", "")))
        .check(ProblemCode.OUT_OF_RANGE, BudgetConfig::excess);
  }

  private static @Nullable String excess(double percent) {
    return percent > ALL ? "is out of range (expected: 0..100)" : null;
  }

  TokenBucket.Limits limits() {
    return TokenBucket.Limits.of(percent, minimumPerSecond);
  }
}

package dev.headgate.policy.retry;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Specs;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a second try is begun beside the first.
 *
 * @param after how long the first one is waited for
 * @param maxExtraLoad percent of the route's requests that may have a second try this way
 */
record HedgeConfig(After after, double maxExtraLoad) {
  /**
   * How long the first try is waited for.
   *
   * @param percentile of the route's own latency, 50 to 99.9; without meaning where it is fixed
   * @param fixed always the same, or null
   */
  record After(double percentile, @Nullable Duration fixed) {
    static After of(String text) {
      if (text.charAt(0) == 'p') {
        return new After(Double.parseDouble(text.substring(1)), null);
      }
      boolean millis = text.endsWith("ms");
      long amount = Long.parseLong(text.substring(0, text.length() - (millis ? 2 : 1)));
      return new After(0, millis ? Duration.ofMillis(amount) : Duration.ofSeconds(amount));
    }
  }

  private static final Pattern AFTER =
      Pattern.compile("p[5-9][0-9](?:\\.[0-9])?|[1-9][0-9]{0,4}ms|[1-9][0-9]?s");

  static final ConfigKey<Optional<HedgeConfig>> KEY =
      new ConfigKey<>(
          "hedge",
          Specs.orNone(spec()),
          "Asks once more, at another endpoint where there is one, while the first try is still unanswered, and takes the answer that comes first; the other try is cancelled. For safe methods without a body. Each such try is paid from the upstream's retry-budget too. Off unless written.");

  private static ObjectSpec<HedgeConfig> spec() {
    Field<String> after =
        Field.withDefault(
            "after",
            Specs.text(
                AFTER, ProblemCode.BAD_VALUE, "a percentile, p50..p99.9, or a duration, 1ms..99s"),
            "p95",
            "How long the first try is waited for: a percentile of what the route's answers took to their heads in the last half minute to minute (nothing is asked twice while those are too few to tell), or a duration.");
    Field<Double> load =
        Field.withDefault(
            "max-extra-load",
            Specs.percent(0.01, 100),
            "5%",
            "How many of the route's requests may be asked twice.");
    return Specs.object(v -> new HedgeConfig(After.of(v.get(after)), v.get(load)), after, load);
  }
}

package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Severity;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Config;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryFactoryTest {
  private static final String ISSUE =
      "retry: {max-attempts: 3, on: [connect-failure, reset, refused, 502, 503, 504],"
          + " backoff: {base: 25ms, max: 250ms, jitter: full}, max-body: 64KiB},"
          + " hedge: {after: p95, max-extra-load: 5%}";

  private final RetryFactory factory =
      new RetryFactory(() -> 0.5, InstantSource.system(), () -> 0, Decisions.UNCOUNTED);

  private Retry retry(String routeKeys) {
    return (Retry) Config.policy(factory, routeKeys).orElseThrow();
  }

  private static String upstream(String keys) {
    return "endpoints: [\"http://u:1\"], " + keys;
  }

  private Retry retryTo(String upstreamKeys) {
    Policy policy =
        Config.policy(factory, "priority: 0", upstream(upstreamKeys), null).orElseThrow();
    return (Retry) policy;
  }

  @Test
  void whatIsWrittenOutIsTheDefault() {
    assertThat(retry(ISSUE).config()).isEqualTo(retry("priority: 0").config());
    assertThat(retry("priority: 0").config())
        .isEqualTo(new RetryConfig(3, Retries.ON, Backoff.DEFAULT, 64 * 1024));
    assertThat(retry("priority: 0").hedge()).isNull();
    HedgeConfig hedge = Objects.requireNonNull(retry(ISSUE).hedge()).config();
    assertThat(hedge).isEqualTo(new HedgeConfig(new HedgeConfig.After(95, null), 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"retry: none", "retry: {max-attempts: 1}", "retry: none, hedge: none"})
  void whatNeverRetriesIsNotInTheChain(String keys) {
    assertThat(Config.policy(factory, keys)).isEmpty();
  }

  @Test
  void hedgingAloneIs() {
    assertThat(retry("retry: none, hedge: {after: 20ms}").config().maxAttempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"p50, 50,", "p99.9, 99.9,", "20ms, 0, PT0.02S", "3s, 0, PT3S"})
  void afterIsAPercentileOrADuration(String text, double percentile, @Nullable Duration fixed) {
    assertThat(HedgeConfig.After.of(text)).isEqualTo(new HedgeConfig.After(percentile, fixed));
  }

  @ParameterizedTest
  @CsvSource({
    "'retry-budget: {percent: 20, minimum-per-second: 3}', 20, 3",
    "'retry-budget: {percent: 20%}', 20, 3",
    "'retry-budget: {percent: 2.5, minimum-per-second: 0}', 2.5, 0",
    "'retry-budget: {percent: 0}', 0, 3",
    "'connect-timeout: 1s', 20, 3",
  })
  void theBudgetAsWritten(String keys, double percent, int minimum) {
    assertThat(budgetTokens(retryTo(keys))).isEqualTo(minimum);
    TokenBucket bucket = retryTo(keys).budget();
    for (int i = 0; i < 100; i++) {
      bucket.deposit();
    }
    int most = Math.max(10, 10 * minimum);
    // What there was from the beginning is made up for first.
    int brought = Math.max(0, (int) percent - minimum);
    assertThat(budgetTokens(retryTo(keys))).isEqualTo(Math.min(most, brought));
  }

  private static int budgetTokens(Retry retry) {
    int tokens = 0;
    while (retry.budget().withdraw(0)) {
      tokens++;
    }
    return tokens;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retry: {max-attempts: 0}",
        "retry: {max-attempts: 11}",
        "retry: {on: []}",
        "retry: {on: [200]}",
        "retry: {on: [600]}",
        "retry: {on: [503, 503]}",
        "retry: {on: [refuse]}",
        "retry: {backoff: {base: 1s, max: 500ms}}",
        "retry: {backoff: {base: 0ms}}",
        "retry: {backoff: {jitter: some}}",
        "retry: {max-body: 17MiB}",
        "retry: never",
        "hedge: {after: p49}",
        "hedge: {after: p100}",
        "hedge: {after: 0ms}",
        "hedge: {max-extra-load: 0%}",
        "hedge: {max-extra-load: 101%}",
      })
  void nonsenseIsRefused(String keys) {
    assertThat(Config.problems(factory, keys)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retry-budget: {percent: 101}",
        "retry-budget: {percent: -1}",
        "retry-budget: {percent: many}",
        "retry-budget: {minimum-per-second: -1}",
        "retry-budget: none"
      })
  void aBudgetOfNonsenseIsRefused(String keys) {
    assertThat(Config.problems(factory, "priority: 0", upstream(keys))).hasSize(1);
  }

  @Test
  void aBaseThatIsLongerThanTheDefaultOfMaxIsMaxToo() {
    Backoff backoff = retry("retry: {backoff: {base: 1s}}").config().backoff();

    assertThat(backoff.max()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theBudgetOfAnUpstreamOutlivesAReload() {
    TokenBucket first = retryTo("retry-budget: {minimum-per-second: 5}").budget();
    factory.activated(Config.set(factory, upstream("retry-budget: {minimum-per-second: 5}")));
    TokenBucket second = retryTo("retry-budget: {minimum-per-second: 1, percent: 100}").budget();
    assertThat(second).isSameAs(first);
    for (int i = 0; i < 100; i++) {
      second.deposit();
    }

    factory.activated(
        Config.set(factory, upstream("retry-budget: {minimum-per-second: 1, percent: 100}")));

    assertThat(budgetTokens(retryTo("connect-timeout: 1s"))).as("limited at once").isEqualTo(10);
    factory.activated(new ConfigSet(Map.of(), Map.of()));
    assertThat(retryTo("connect-timeout: 1s").budget()).as("it had gone").isNotSameAs(first);
  }

  @Test
  void whatHedgingHasLearntOutlivesAReloadUnlessItsSettingsChange() {
    Hedge first = Objects.requireNonNull(retry("hedge: {after: p95}").hedge());
    factory.activated(new ConfigSet(Map.of(), Map.of()));
    assertThat(retry("hedge: {after: p95}").hedge()).isSameAs(first);
    factory.activated(new ConfigSet(Map.of(), Map.of()));
    assertThat(retry("hedge: {after: p99}").hedge()).isNotSameAs(first);
  }

  // ---- what is right by itself and still does not do what its author thinks

  private ConfigProblem warning(String keys) {
    List<ConfigProblem> warnings = Config.warnings(factory, keys);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0).severity()).isEqualTo(Severity.WARNING);
    return warnings.get(0);
  }

  @Test
  void triesThatDoNotFitTheTotal() {
    ConfigProblem warning = warning("timeout: {total: 5s, per-try: 2s}, retry: {max-attempts: 3}");

    assertThat(warning.code()).isEqualTo(ProblemCode.TRIES_EXCEED_TOTAL);
    assertThat(warning.message())
        .isEqualTo(
            "route \"r\": retry: 3 tries of per-try 2000 ms do not fit total, 5000 ms: when each takes its whole limit there is time for 2 whole tries, and the next is cut off after at most 1000 ms; and a try that reaches per-try is not tried again at all, as on has no timeout");
  }

  @Test
  void theBackoffCountsWhereItIsCertain() {
    assertThat(
            warning(
                    "timeout: {total: 3s, per-try: 1s}, retry: {max-attempts: 3, on: [timeout], backoff: {jitter: equal, base: 100ms}}")
                .message())
        .endsWith("time for 2 whole tries, and the next is cut off after at most 850 ms");
    assertThat(
            Config.warnings(factory, "timeout: {total: 3s, per-try: 1s}, retry: {max-attempts: 3}"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timeout: {total: 5s, per-try: 2s}",
        "timeout: {total: none, per-try: 2s}, retry: {max-attempts: 10}",
        "timeout: {total: 5s}, retry: {max-attempts: 10}",
        "timeout: {total: 5s, per-try: 2s}, retry: none",
        "match: {path: /a, methods: [GET]}, retry: {max-attempts: 2}, hedge: {after: p95}",
        "match: {path: /a, methods: [POST, PUT]}, retry: {max-attempts: 2}",
        "match: {path: /a, methods: [POST]}",
        "match: {path: /a, methods: [POST]}, hedge: none",
      })
  void nothingToWarnOf(String keys) {
    assertThat(Config.warnings(factory, keys)).isEmpty();
  }

  @Test
  void retriesOfWhatIsNotSafeToRepeat() {
    ConfigProblem warning =
        warning("match: {path: /a, methods: [POST, PATCH]}, retry: {max-attempts: 2}");

    assertThat(warning.code()).isEqualTo(ProblemCode.UNSAFE_RETRY);
    assertThat(warning.message()).contains("POST, PATCH");
  }

  @Test
  void hedgingOfWhatIsNotSafe() {
    assertThat(warning("match: {path: /a, methods: [PUT]}, hedge: {after: p95}").code())
        .isEqualTo(ProblemCode.UNSAFE_HEDGE);
  }
}

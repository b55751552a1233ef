package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.Policy;
import dev.headgate.telemetry.Decisions;
import dev.headgate.telemetry.Telemetry;
import dev.headgate.testing.Config;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheConfigTest {
  private static final CacheFactory FACTORY =
      new CacheFactory(
          AnswerCache.unasked(), Decisions.UNCOUNTED, Telemetry.NONE.meters(), background -> {});

  private static CacheConfig config(String keys) {
    Policy policy = Config.policy(FACTORY, "cache: {" + keys + "}").orElseThrow();
    return ((ResponseCache) policy).config();
  }

  @Test
  void aRouteThatSaysNothingKeepsNothingAndDropsWhatOthersHave() {
    assertThat(Config.policy(FACTORY, "priority: 0").orElseThrow())
        .isInstanceOf(Invalidation.class);
  }

  @Test
  void theDefaultsAreThese() {
    CacheConfig config = config("");

    assertThat(config.staleIfError()).isZero();
    assertThat(config.staleWhileRevalidate()).isZero();
    assertThat(config.defaultTtl()).isZero();
    assertThat(config.maxEntry()).isEqualTo(1 << 20);
    assertThat(config.varyBy()).isEmpty();
    assertThat(config.tagsFrom()).isNull();
    assertThat(config.query()).isEqualTo(QueryRule.AS_SENT);
  }

  @Test
  void theIssuesLineIsRead() {
    CacheConfig config =
        config(
            "stale-if-error: 10m, stale-while-revalidate: 30s, default-ttl: 0s, max-entry: 1MiB, vary-by: [X-Tenant], tags-from: Cache-Tag");

    assertThat(config.staleIfError()).hasMinutes(10);
    assertThat(config.staleWhileRevalidate()).hasSeconds(30);
    assertThat(config.defaultTtl()).isZero();
    assertThat(config.maxEntry()).isEqualTo(1 << 20);
    assertThat(config.varyBy()).containsExactly(new CallerPart("x-tenant"));
    assertThat(config.tagsFrom()).isEqualToIgnoringCase("Cache-Tag");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stale-if-error", "stale-while-revalidate", "default-ttl"})
  void aWindowIsFromNothingToThirtyDays(String key) {
    CacheConfig most = config(key + ": 30d");

    assertThat(most.staleIfError().plus(most.staleWhileRevalidate()).plus(most.defaultTtl()))
        .isEqualTo(Duration.ofDays(30));
    assertThat(config(key + ": 0s")).isEqualTo(config(""));
  }

  @ParameterizedTest
  @CsvSource({"1KiB, 1024", "64MiB, 67108864"})
  void anEntryIsFromOneKibibyteToSixtyFourMebibytes(String text, int bytes) {
    assertThat(config("max-entry: " + text).maxEntry()).isEqualTo(bytes);
  }

  @Test
  void partsOfTheCallerKeepTheirOrder() {
    assertThat(config("vary-by: [principal, X-Tenant, a, b, c, d, e, f]").varyBy())
        .extracting(CallerPart::name)
        .containsExactly("principal", "x-tenant", "a", "b", "c", "d", "e", "f");
    assertThat(config("vary-by: []").varyBy()).isEmpty();
  }

  @Test
  void whatOfTheQueryCountsIsRead() {
    assertThat(config("query: {sort: true, ignore: [\"utm_*\", session]}").query().apply("b&a"))
        .isEqualTo("a&b");
    assertThat(config("query: {ignore: [\"utm_*\", session]}").query().apply("utm_a=1&b&session"))
        .isEqualTo("b");
    assertThat(config("query: {only: [page]}").query().apply("a&page=2&b")).isEqualTo("page=2");
    assertThat(config("query: {}").query()).isEqualTo(QueryRule.AS_SENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stale-if-error: 31d",
        "stale-if-error: -1s",
        "stale-if-error: 10",
        "stale-if-error: always",
        "stale-while-revalidate: 31d",
        "stale-while-revalidate: true",
        "default-ttl: 31d",
        "default-ttl: soon",
        "max-entry: 1023",
        "max-entry: 65MiB",
        "max-entry: 0",
        "max-entry: much",
        "vary-by: [a b]",
        "vary-by: [\"\"]",
        "vary-by: [\"X-Tenant:\"]",
        "vary-by: [a, b, c, d, e, f, g, h, i]",
        "tags-from: Cache Tag",
        "tags-from: \"\"",
        "tags-from: [Cache-Tag, Other]",
        "query: sort",
        "query: {sort: maybe}",
        "query: {ignore: [\"*\"]}",
        "query: {ignore: [\"a*b\"]}",
        "query: {ignore: [\"a=b\"]}",
        "query: {ignore: [\"a&b\"]}",
        "query: {only: [\"\"]}",
        "query: {only: [a], ignore: [b]}",
        "query: {unknown: 1}",
        "unknown: 1",
      })
  void nonsenseIsRefused(String keys) {
    assertThat(Config.problems(FACTORY, "cache: {" + keys + "}")).hasSize(1);
  }

  @Test
  void whatIsOutOfRangeIsToldWithTheRange() {
    assertThat(Config.problems(FACTORY, "cache: {max-entry: 65MiB}"))
        .allMatch(problem -> problem.contains("1KiB") && problem.contains("64MiB"));
    assertThat(Config.problems(FACTORY, "cache: {query: {only: [a], ignore: [b]}}"))
        .singleElement()
        .asString()
        .endsWith("stands beside ignore (expected: one of the two)");
  }
}

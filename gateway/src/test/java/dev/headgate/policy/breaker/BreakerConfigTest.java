package dev.headgate.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.LoadResult;
import dev.headgate.config.UpstreamConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerConfigTest {
  private static LoadResult load(String key) {
    String yaml =
        """
        upstreams:
          u: {endpoints: ["http://u:1"]%s}
        routes:
          r: {match: {}, upstream: u}
        """
            .formatted(key);
    return new ConfigLoader(List.of(), List.of(BreakerConfig.KEY))
        .load(List.of(ConfigFile.of("u.yml", yaml)));
  }

  private static UpstreamConfig upstream(String key) {
    LoadResult result = load(key);
    assertThat(result.problems()).isEmpty();
    return Objects.requireNonNull(Objects.requireNonNull(result.set()).upstreams().get("u"));
  }

  @Test
  void asWrittenInTheIssue() {
    String written =
        ", circuit-breaker: {failure-rate: 50%, slow-call: 2s, slow-call-rate: 80%, window: 100, minimum-calls: 20, open-for: 10s, half-open-calls: 5, ramp-up: 10s}";

    assertThat(BreakerConfig.of(upstream(written)))
        .contains(
            new BreakerConfig(
                50,
                Statuses.SERVER_ERRORS,
                Duration.ofSeconds(2),
                80,
                100,
                20,
                Duration.ofSeconds(10),
                5,
                Duration.ofSeconds(10)));
  }

  @Test
  void thereIsOneUnlessItSaysNone() {
    assertThat(BreakerConfig.of(upstream("")))
        .contains(
            new BreakerConfig(
                50,
                Statuses.SERVER_ERRORS,
                null,
                80,
                100,
                100,
                Duration.ofSeconds(10),
                5,
                Duration.ofSeconds(10)));
    assertThat(BreakerConfig.of(upstream(", circuit-breaker: none"))).isEmpty();
  }

  @Test
  void theWholeWindowIsAwaitedUnlessLessIsEnough() {
    BreakerConfig config =
        BreakerConfig.of(upstream(", circuit-breaker: {window: 7}")).orElseThrow();

    assertThat(config.minimumCalls()).isEqualTo(7);
  }

  @Test
  void failuresAreTheStatusesWritten() {
    Statuses statuses =
        BreakerConfig.of(upstream(", circuit-breaker: {failure-status: [429, 5xx]}"))
            .orElseThrow()
            .failureStatus();

    assertThat(statuses.contains(429)).isTrue();
    assertThat(statuses.contains(500)).isTrue();
    assertThat(statuses.contains(599)).isTrue();
    assertThat(statuses.contains(428)).isFalse();
    assertThat(statuses.contains(404)).isFalse();
    assertThat(
            BreakerConfig.of(upstream(", circuit-breaker: {failure-status: []}"))
                .orElseThrow()
                .failureStatus()
                .contains(500))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "window: 0|OUT_OF_RANGE|\"0\" is out of range (expected: 1..10000)",
        "failure-rate: 0%|OUT_OF_RANGE|\"0%\" is out of range (expected: 0.01%..100%)",
        "failure-rate: 101%|OUT_OF_RANGE|\"101%\" is out of range (expected: 0.01%..100%)",
        "failure-rate: 50|MISSING_UNIT|\"50\" has no % (expected: a percentage such as 50%)",
        "'window: 10, minimum-calls: 11'|OUT_OF_RANGE|\"11\" is more than the window holds (expected: at most 10)",
        "open-for: 0s|OUT_OF_RANGE|\"0s\" is out of range (expected: 100ms..1h)",
        "half-open-calls: 0|OUT_OF_RANGE|\"0\" is out of range (expected: 1..1000)",
        "slow-call-rate: 80%|MISSING_KEY|\"80%\" says nothing without slow-call (expected: slow-call beside it)",
        "failure-status: [200]|BAD_VALUE|\"200\" (expected: a status of 400..599, 4xx or 5xx)",
      })
  void nonsenseIsToldWhereItStands(String keys, String code, String message) {
    LoadResult result = load(", circuit-breaker: {" + keys.replace("'", "") + "}");

    assertThat(result.problems()).hasSize(1);
    assertThat(result.problems().get(0).code().name()).isEqualTo(code);
    assertThat(result.problems().get(0).message()).endsWith(message);
    assertThat(result.problems().get(0).mark().toString()).startsWith("u.yml:2:");
  }
}

package dev.headgate.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.PolicyChain;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.CompiledVersion;
import dev.headgate.route.RouteIndex;
import dev.headgate.route.RouteTable;
import dev.headgate.route.VersionMatch;
import dev.headgate.route.VersionNegotiation;
import dev.headgate.route.VersionScheme;
import dev.headgate.route.VersionSources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;

class VersionsHealthTest {
  private static final PolicyChain CHAIN = PolicyChain.compile(List.of(), e -> Mono.empty());
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private static VersionNegotiation.Entry<CompiledVersion> version(
      String id, @Nullable String deprecated, @Nullable String sunset) {
    return new VersionNegotiation.Entry<>(
        id,
        new CompiledVersion(
            CHAIN,
            null,
            deprecated == null ? null : Instant.parse(deprecated),
            sunset == null ? null : Instant.parse(sunset)));
  }

  private static CompiledRoute users() {
    return new CompiledRoute(
        "users",
        CHAIN,
        null,
        Duration.ofSeconds(1),
        new VersionNegotiation<>(
            new VersionSources(false, null, "x", null),
            VersionScheme.NUMBER,
            VersionMatch.EXACT,
            List.of(
                version("1", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
                version("2", "2026-07-01T00:00:00Z", "2026-07-01T12:00:00Z"),
                version("3", null, "2026-06-01T00:00:00Z"),
                version("4", "2026-07-02T00:00:00Z", "2026-08-01T12:00:01Z"),
                version("5", null, null)),
            null));
  }

  @Test
  void tellsWhatIsDeprecatedOrEndsByNowOrWithin30Days() {
    CompiledRoute plain = new CompiledRoute("plain", CHAIN, null, Duration.ofSeconds(1));
    RouteTable table =
        new RouteTable(1, RouteIndex.of(List.of()), Map.of("users", users(), "plain", plain));
    Health health = new VersionsHealth(() -> table, () -> NOW).health();

    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails())
        .isEqualTo(
            Map.of(
                "users",
                Map.of(
                    "1",
                    Map.of(
                        "deprecated", "2026-01-01T00:00:00Z",
                        "sunset", "2027-01-01T00:00:00Z",
                        "sunsetIn", "213 days"),
                    "2",
                    Map.of(
                        "deprecated", "2026-07-01T00:00:00Z",
                        "deprecatedIn", "29 days",
                        "sunset", "2026-07-01T12:00:00Z",
                        "sunsetIn", "30 days"),
                    "3",
                    Map.of("sunset", "2026-06-01T00:00:00Z", "sunsetIn", "passed"))));
  }

  @Test
  void withoutATableThereIsNothingToTell() {
    assertThat(new VersionsHealth(() -> null, () -> NOW).health().getDetails()).isEmpty();
  }
}

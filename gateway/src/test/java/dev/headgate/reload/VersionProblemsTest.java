package dev.headgate.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import dev.headgate.wiring.PolicyCatalog;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only shows when versions and routes are looked at together. */
class VersionProblemsTest {
  private static final Instant NOW = Instant.parse("2026-12-02T23:00:00Z");

  private static List<String> problems(String routes) {
    String yaml = "upstreams: {u: {endpoints: [\"http://u:1\"]}}\nroutes:\n" + routes;
    return new ConfigExaminer(PolicyCatalog.unasked(true), () -> NOW, false, bundle -> null)
        .examine(List.of(ConfigFile.of("routes/r.yml", yaml)), List.of()).problems().stream()
            .map(ConfigProblem::toString)
            .toList();
  }

  private static List<String> versioning(String keys) {
    return problems("  r: {match: {path: /a/**}, versioning: {" + keys + "}}\n");
  }

  @Test
  void twoSpellingsOfOneVersionAreOne() {
    assertThat(versioning("from: {header: x}, versions: {1: {upstream: u}, v1.0: {upstream: u}}"))
        .singleElement()
        .asString()
        .startsWith("routes/r.yml:3:")
        .endsWith(
            "BAD_VERSION versioning.versions: \"v1.0\" is the same as \"1\" (expected: once)");
  }

  @Test
  void versionsAreThoseOfTheScheme() {
    assertThat(versioning("from: {header: x}, versions: {01: {upstream: u}}"))
        .singleElement()
        .asString()
        .contains(
            "BAD_VERSION versioning.versions: \"01\" is no version (expected: numbers without leading zeros, such as 2");
    assertThat(versioning("from: {header: x}, scheme: date, versions: {2: {upstream: u}}"))
        .singleElement()
        .asString()
        .contains("\"2\" is no version (expected: a day such as 2026-11-01, as scheme is date)");
    assertThat(versioning("from: {header: x}, versions: {2026-11-01: {upstream: u}}"))
        .singleElement()
        .asString()
        .contains(
            "\"2026-11-01\" is no version (expected: numbers without leading zeros, such as 2");
  }

  @Test
  void theDefaultIsOneOfTheVersionsHoweverItIsWritten() {
    String versions = "from: {header: x}, versions: {1: {upstream: u}, 2: {upstream: u}}";
    assertThat(versioning("default: v2.0, " + versions)).isEmpty();
    assertThat(versioning("default: 3, " + versions))
        .singleElement()
        .asString()
        .startsWith("routes/r.yml:3:51: ")
        .endsWith("versioning.default: \"3\" is none of the versions (expected: 1, 2)");
  }

  @Test
  void rewritesFitThePathWithoutTheVersion() {
    assertThat(
            versioning(
                "from: {path: \"/v{version}\"}, versions: {1: {upstream: u, rewrite: {path: \"/b/{id}\"}}}"))
        .singleElement()
        .asString()
        .contains("BAD_REWRITE versioning.versions.1.rewrite: found \"{id}\"");
    assertThat(
            versioning(
                "from: {path: \"/v{version}\"}, versions: {1: {upstream: u, rewrite: {strip-prefix: /a}}}"))
        .isEmpty();
  }

  @Test
  void sunsetsThatAreNearOrPastAreWarnings() {
    assertThat(
            versioning(
                "from: {header: x}, versions: {1: {upstream: u, sunset: 2026-12-02}, 2: {upstream: u, sunset: 2027-01-01}, 3: {upstream: u, sunset: 2027-01-02}}"))
        .hasSize(2)
        .allMatch(problem -> problem.contains("VERSION_SUNSET"))
        .anyMatch(
            problem ->
                problem.endsWith(
                    "versions.1.sunset: \"2026-12-02\" has passed: requests are answered with 410"))
        .anyMatch(problem -> problem.contains("versions.2.sunset: \"2027-01-01\" is less than 31"));
    assertThat(
            versioning(
                "from: {header: x}, after-sunset: serve, versions: {1: {upstream: u, sunset: 2026-12-02}}"))
        .singleElement()
        .asString()
        .endsWith("has passed: requests are served on");
  }

  @Test
  void bothPlacesOfARouteAreComparedWithOthers() {
    String versioned =
        "  %s: {match: {path: /a/**}, versioning: {from: {path: \"/v{version}\"}, versions: {1: {upstream: u}}}}\n";
    assertThat(problems(versioned.formatted("r") + versioned.formatted("s")))
        .hasSize(2)
        .allMatch(problem -> problem.contains("TIED_ROUTES"))
        .anyMatch(problem -> problem.contains("\"s\" ties with r at routes/r.yml:3:3"))
        .anyMatch(problem -> problem.contains("\"s at /v{version}/a/**\" ties with r at /v{v"));
    assertThat(
            problems(
                versioned.formatted("r")
                    + "  plain: {match: {path: \"/v1/a/**\"}, upstream: u}\n"
                    + "  other: {match: {path: \"/{x}/a/**\"}, upstream: u}\n"))
        .isEmpty();
    assertThat(
            problems(
                versioned.formatted("r")
                    + "  all: {match: {path: /**}, priority: 1, upstream: u}\n"))
        .hasSize(2)
        .allMatch(problem -> problem.startsWith("routes/r.yml:3:3: UNREACHABLE_ROUTE"));
  }
}

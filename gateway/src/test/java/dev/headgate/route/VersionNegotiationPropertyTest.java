package dev.headgate.route;

import static dev.headgate.testing.Property.chance;
import static dev.headgate.testing.Property.oneOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.VersionSource;
import dev.headgate.route.VersionOutcome.Reason;
import dev.headgate.route.VersionOutcome.Refused;
import dev.headgate.route.VersionOutcome.Selected;
import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The decision table, written once more in the plainest way and held against random requests. */
class VersionNegotiationPropertyTest {
  private static final List<String> IDS = List.of("1", "2", "2.1", "3.0.1");
  private static final List<String> ASKED =
      List.of("1", "v1", "1.0", "2", "2.0.0", "V2", "2.1", "3.0.1", "9", "x", "", "02", "2.1.0");
  private static final PathPattern PATTERN =
      PathPattern.versioned("/v{version}", PathPattern.parse("/users"));

  /** One range of Accept. */
  private record Range(@Nullable String version, int weight, boolean quoted) {
    String text() {
      String value = quoted ? "\"" + version + "\"" : version;
      return "a/b"
          + (version == null ? "" : ";version=" + value)
          + (weight == 1000 ? "" : ";q=0.%03d".formatted(weight));
    }
  }

  /** What is said in each place. */
  private record Question(
      @Nullable String path, List<List<Range>> accept, List<String> header, List<String> query) {
    Requests request() {
      List<String> parameters = query.stream().map(value -> "version=" + value).toList();
      Requests request =
          Requests.get(
              (path == null ? "/users" : "/v" + path + "/users")
                  + (parameters.isEmpty() ? "" : "?x=1&" + String.join("&", parameters)));
      for (List<Range> line : accept) {
        request =
            request.with("accept", String.join(", ", line.stream().map(Range::text).toList()));
      }
      for (String value : header) {
        request = request.with("x-api-version", value);
      }
      return request;
    }
  }

  @Test
  void everyCombinationOfPlacesIsDecidedByTheTable() {
    Property.forAll(
        50_000,
        random -> {
          String byDefault = random.nextBoolean() ? oneOf(random, IDS) : null;
          VersionNegotiation<String> versions = negotiation(byDefault);
          Question question = question(random);
          Requests request = question.request();
          assertThat(told(versions.negotiate(PATTERN.match(request.path()), request)))
              .as("%s, default %s", question, byDefault)
              .isEqualTo(expected(question, byDefault));
        });
  }

  private static VersionNegotiation<String> negotiation(@Nullable String byDefault) {
    return new VersionNegotiation<>(
        new VersionSources(true, "version", "X-Api-Version", "version"),
        VersionScheme.NUMBER,
        VersionMatch.EXACT,
        IDS.stream().map(id -> new VersionNegotiation.Entry<>(id, id)).toList(),
        byDefault);
  }

  private static Question question(Random random) {
    String path =
        chance(random, 40) ? oneOf(random, List.of("1", "2", "2.1", "1.0", "9", "2x")) : null;
    List<List<Range>> accept = new ArrayList<>();
    while (accept.size() < 3 && chance(random, 40)) {
      List<Range> line = new ArrayList<>();
      do {
        String version = chance(random, 60) ? oneOf(random, ASKED) : null;
        int weight = oneOf(random, List.of(1000, 1000, 500, 501, 1, 0));
        line.add(new Range(version, weight, version != null && random.nextBoolean()));
      } while (chance(random, 50));
      accept.add(line);
    }
    return new Question(path, accept, some(random), some(random));
  }

  private static List<String> some(Random random) {
    List<String> some = new ArrayList<>();
    while (some.size() < 3 && chance(random, 35)) {
      some.add(oneOf(random, ASKED));
    }
    return some;
  }

  private static String told(VersionOutcome<String> outcome) {
    if (outcome instanceof Selected<String> selected) {
      return selected.id() + " by " + selected.source();
    }
    return ((Refused<String>) outcome).reason().toString();
  }

  private static String expected(Question question, @Nullable String byDefault) {
    List<String> said = new ArrayList<>();
    VersionSource first = null;
    for (VersionSource source :
        List.of(
            VersionSource.PATH, VersionSource.ACCEPT, VersionSource.HEADER, VersionSource.QUERY)) {
      List<String> here =
          switch (source) {
            case PATH -> question.path() == null ? List.of() : List.of(question.path());
            case ACCEPT -> preferred(question.accept());
            case HEADER -> question.header();
            default -> question.query();
          };
      first = first == null && !here.isEmpty() ? source : first;
      here.forEach(version -> said.add(meant(version)));
    }
    if (said.contains("none")) {
      return Reason.UNSUPPORTED.toString();
    }
    if (said.stream().distinct().count() > 1) {
      return Reason.CONFLICT.toString();
    }
    if (said.isEmpty()) {
      return byDefault == null ? Reason.REQUIRED.toString() : byDefault + " by DEFAULT";
    }
    return said.get(0) + " by " + first;
  }

  /** None or one: the best range that names a supported version, else any that names another. */
  private static List<String> preferred(List<List<Range>> lines) {
    List<Range> named =
        lines.stream()
            .flatMap(List::stream)
            .filter(range -> range.version() != null && range.weight() > 0)
            .toList();
    return named.stream()
        .filter(range -> !meant(range.version()).equals("none"))
        // Stable: of equal weights the first stays first.
        .sorted(Comparator.comparingInt(range -> -range.weight()))
        .findFirst()
        .map(range -> List.of(meant(range.version())))
        .orElse(named.isEmpty() ? List.of() : List.of("x"));
  }

  private static String meant(@Nullable String text) {
    return switch (text == null ? "" : text) {
      case "1", "v1", "1.0" -> "1";
      case "2", "2.0.0", "V2" -> "2";
      case "2.1", "2.1.0" -> "2.1";
      case "3.0.1" -> "3.0.1";
      default -> "none";
    };
  }
}

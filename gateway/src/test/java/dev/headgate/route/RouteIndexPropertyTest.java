package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteIndexPropertyTest {
  private static final int REQUESTS = 20;

  @Test
  void indexSaysWhatTryingEveryRouteSays() {
    Property.forAll(
        2_000,
        random -> {
          List<RouteRule> rules = Tables.table(random, 60);
          RouteIndex<String> index = index(rules);
          for (int i = 0; i < REQUESTS; i++) {
            Requests request = Tables.request(random, rules);
            assertThat(said(index.match(request)))
                .as("%s%nfor %s", rules, request)
                .isEqualTo(said(NaiveMatcher.match(rules, request)));
          }
        });
  }

  @Test
  void orderOfTheRoutesChangesNothing() {
    Property.forAll(
        500,
        random -> {
          List<RouteRule> rules = Tables.table(random, 60);
          List<RouteRule> shuffled = new ArrayList<>(rules);
          Collections.shuffle(shuffled, random);
          RouteIndex<String> one = index(rules);
          RouteIndex<String> other = index(shuffled);
          for (int i = 0; i < REQUESTS; i++) {
            Requests request = Tables.request(random, rules);
            assertThat(said(other.match(request))).isEqualTo(said(one.match(request)));
          }
        });
  }

  @Test
  void patternAloneMatchesWhatTheIndexMatches() {
    Property.forAll(
        2_000,
        random -> {
          RouteRule rule = RouteRule.of("r", Tables.pattern(Tables.path(random)));
          RouteIndex<String> index = index(List.of(rule));
          for (int i = 0; i < REQUESTS; i++) {
            Requests request = Tables.request(random, List.of(rule));
            assertThat(rule.path().match(request.path()) != null)
                .as("%s for %s", rule, request)
                .isEqualTo(index.match(request) instanceof Match.Found);
          }
        });
  }

  @Test
  void anyBytesAtAllAreAnswered() {
    Property.forAll(
        2_000,
        random -> {
          RouteIndex<String> index = index(Tables.table(random, 60));
          Requests request =
              new Requests(
                  noise(random), noise(random), "/" + noise(random), noise(random), List.of());
          assertThat(index.match(request.with("x", noise(random)))).isNotNull();
        });
  }

  private static String noise(Random random) {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      noise.append(
          random.nextBoolean()
              ? "/%.&=+*[]:;".charAt(random.nextInt(11))
              : (char) random.nextInt(256));
    }
    return noise.toString();
  }

  static RouteIndex<String> index(List<RouteRule> rules) {
    return RouteIndex.of(
        rules.stream().map(rule -> new RouteIndex.Entry<>(rule, rule.id())).toList());
  }

  private static String said(Match<String> match) {
    return match instanceof Match.Found<String> found
        ? found.value() + " " + found.path().variables() + " " + found.path().rest()
        : match.toString();
  }
}

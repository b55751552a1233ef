package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.testing.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is picked as endpoints fail, fall ill, join and return; nobody connects. */
class UpstreamTest {
  private final VirtualUpstreams upstreams = new VirtualUpstreams();

  private Upstream upstream(String keys) {
    return upstreams.table(
        "endpoints: ['http://10.0.0.1', 'http://10.0.0.2', 'http://10.0.0.3'], " + keys);
  }

  private static String last(Endpoint endpoint) {
    return endpoint.name().replace("10.0.0.", "").replace(":80", "");
  }

  private String picks(Upstream upstream, int count) {
    StringBuilder picks = new StringBuilder();
    for (int i = 0; i < count; i++) {
      GatewayExchange exchange = upstreams.exchange();
      picks.append(last(upstream.pick(exchange, exchange.currentTry())));
    }
    return picks.toString();
  }

  private void end(Upstream upstream, int index, Outcome outcome) {
    EndpointState endpoint = upstream.endpoints().get(index);
    endpoint.begun();
    endpoint.ended(outcome, upstreams.now(), upstreams.now());
  }

  private void fail(Upstream upstream, int index, int times) {
    for (int i = 0; i < times; i++) {
      end(upstream, index, Outcome.FAILURE);
    }
  }

  private static final String EJECTING =
      "outlier-ejection: {consecutive-failures: 2, base: 30s, max: 5m, max-ejected: 50%}";

  @Test
  void anEndpointThatFailsInARowIsLeftOutForAWhile() {
    Upstream upstream = upstream(EJECTING);
    fail(upstream, 1, 2);
    assertThat(picks(upstream, 6)).doesNotContain("2").contains("1").contains("3");

    upstreams.advance(Duration.ofSeconds(29));
    assertThat(picks(upstream, 6)).doesNotContain("2");
    upstreams.advance(Duration.ofSeconds(1));
    assertThat(picks(upstream, 6)).contains("2");
  }

  @Test
  void aSuccessBetweenStartsTheCountAgain() {
    Upstream upstream = upstream(EJECTING);
    fail(upstream, 1, 1);
    end(upstream, 1, Outcome.SUCCESS);
    fail(upstream, 1, 1);
    end(upstream, 1, Outcome.NOTHING);

    assertThat(picks(upstream, 6)).contains("2");
    fail(upstream, 1, 1);
    assertThat(picks(upstream, 6)).doesNotContain("2");
  }

  @Test
  void triesFromBeforeItsReturnDoNotEjectAgain() {
    Upstream upstream = upstream(EJECTING);
    EndpointState endpoint = upstream.endpoints().get(1);
    long early = upstreams.now();
    fail(upstream, 1, 2);
    upstreams.advance(Duration.ofSeconds(31));
    assertThat(picks(upstream, 6)).contains("2");

    for (int i = 0; i < 5; i++) {
      endpoint.begun();
      endpoint.ended(Outcome.FAILURE, early, upstreams.now());
    }

    assertThat(picks(upstream, 6)).contains("2");
  }

  @Test
  void ejectionOutlivesAReloadAndEndsWhereItsKeyGoes() {
    fail(upstream(EJECTING), 1, 2);

    assertThat(picks(upstream(EJECTING + ", load-balancing: random-two"), 9)).doesNotContain("2");
    assertThat(picks(upstream("slow-start: 10s, load-balancing: least-requests"), 90))
        .contains("2");
  }

  @Test
  void activeTriesOutliveAReload() {
    Upstream before = upstream("load-balancing: least-requests");
    before.endpoints().get(0).begun();
    Upstream after = upstream("load-balancing: least-requests");

    assertThat(picks(after, 6)).doesNotContain("1");
    before.endpoints().get(0).ended(Outcome.SUCCESS, 0, 0);
    assertThat(picks(after, 6)).contains("1");
  }

  @Test
  void theTableOfBeforeKeepsItsEndpoints() {
    Upstream before = upstream("");
    upstreams.table("endpoints: ['http://10.0.0.4']");

    assertThat(picks(before, 3)).isEqualTo("123");
  }

  @Test
  void withFewerThanHalfLeftAllAreUsed() {
    Upstream upstream = upstream("");
    unwell(upstream, 0);
    GatewayExchange calm = upstreams.exchange();
    upstream.pick(calm, calm.currentTry());
    assertThat(calm.record().decisions()).isEmpty();
    assertThat(picks(upstream, 6)).doesNotContain("1");

    unwell(upstream, 1);
    GatewayExchange exchange = upstreams.exchange();
    upstream.pick(exchange, exchange.currentTry());
    upstream.pick(exchange, exchange.currentTry());

    assertThat(exchange.record().decisions())
        .extracting(Decision.Made::decision)
        .containsExactly(Decision.PANIC);
    assertThat(picks(upstream, 6)).contains("1").contains("2").contains("3");
  }

  @Test
  void theLastIsUsedHoweverIll() {
    Upstream upstream = upstreams.table("endpoints: ['http://10.0.0.1'], " + EJECTING);
    fail(upstream, 0, 9);
    unwell(upstream, 0);

    assertThat(picks(upstream, 2)).isEqualTo("11");
  }

  private void unwell(Upstream upstream, int index) {
    upstream.endpoints().get(index).health(HealthVerdict.Health.UNHEALTHY, "test", upstreams.now());
  }

  // ---- slow start

  private double shareOf(String name, Upstream upstream) {
    String picks = picks(upstream, 3_000);
    return picks.chars().filter(c -> c == name.charAt(0)).count() / 3_000.0;
  }

  @Test
  void anEndpointThatJoinsStartsWithATenth() {
    upstreams.table("endpoints: ['http://10.0.0.1', 'http://10.0.0.2'], slow-start: 10s");
    Upstream upstream = upstream("slow-start: 10s");

    assertThat(shareOf("3", upstream)).isCloseTo(0.1 / 2.1, within(0.01));
    upstreams.advance(Duration.ofSeconds(5));
    assertThat(shareOf("3", upstream)).isCloseTo(0.5 / 2.5, within(0.02));
    upstreams.advance(Duration.ofSeconds(5));
    assertThat(shareOf("3", upstream)).isCloseTo(1 / 3.0, within(0.01));
  }

  @Test
  void thoseOfTheFirstTableHaveTheirShareAtOnce() {
    assertThat(picks(upstream("slow-start: 10s"), 6)).isEqualTo("123123");
  }

  @Test
  void whoReturnsFromEjectionOrIllnessStartsSlowly() {
    Upstream upstream = upstream("slow-start: 10s, " + EJECTING);
    fail(upstream, 0, 2);
    upstreams.advance(Duration.ofSeconds(30));
    assertThat(shareOf("1", upstream)).isCloseTo(0.1 / 2.1, within(0.01));
    upstreams.advance(Duration.ofSeconds(10));

    unwell(upstream, 1);
    picks(upstream, 1);
    upstream.endpoints().get(1).health(HealthVerdict.Health.HEALTHY, "test", upstreams.now());

    assertThat(shareOf("2", upstream)).isCloseTo(0.1 / 2.1, within(0.01));
  }

  // ---- counters

  /**
   * Whatever the order of begin, success, failure and cancel, over reloads and ejections, the count
   * of active tries is that of the tries which have not ended. Seen failing with a tally that does
   * not count down on {@link Outcome#NOTHING}, and with one that starts anew at a reload.
   */
  @Test
  void activeTriesAreCountedRightUnderAnyInterleaving() {
    Property.forAll(
        100,
        random -> {
          Upstream upstream = upstream(EJECTING);
          Map<EndpointKey, Integer> expected = new HashMap<>();
          List<EndpointState> running = new ArrayList<>();
          for (int step = 0; step < 200; step++) {
            upstream = step(random, upstream, expected, running);
            for (EndpointState endpoint : upstream.endpoints()) {
              assertThat(endpoint.active()).isEqualTo(expected.getOrDefault(endpoint.key(), 0));
            }
          }
          for (EndpointState endpoint : running) {
            endpoint.ended(Outcome.NOTHING, 0, upstreams.now());
          }
          assertThat(upstream.endpoints()).allMatch(e -> e.active() == 0);
        });
  }

  private Upstream step(
      Random random,
      Upstream upstream,
      Map<EndpointKey, Integer> expected,
      List<EndpointState> running) {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        GatewayExchange exchange = upstreams.exchange();
        Endpoint picked = upstream.pick(exchange, exchange.currentTry());
        picked.tally().begun();
        EndpointState begun = (EndpointState) picked.tally();
        running.add(begun);
        expected.merge(begun.key(), 1, Integer::sum);
      }
      case 3, 4, 5, 6 -> {
        if (!running.isEmpty()) {
          EndpointState ended = running.remove(random.nextInt(running.size()));
          ended.ended(
              Property.oneOf(random, List.of(Outcome.values())), upstreams.now(), upstreams.now());
          expected.merge(ended.key(), -1, Integer::sum);
        }
      }
      default -> {
        upstreams.advance(Duration.ofSeconds(random.nextInt(20)));
        return upstream(random.nextBoolean() ? EJECTING : "load-balancing: least-requests");
      }
    }
    return upstream;
  }
}

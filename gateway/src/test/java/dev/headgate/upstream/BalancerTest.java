package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.headgate.config.LoadBalancing;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Try;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.Property;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancerTest {
  private final VirtualTime time = new VirtualTime();
  private final GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);

  private static Balancer inTurn() {
    return Balancer.of(LoadBalancing.Plain.ROUND_ROBIN, new AtomicLong());
  }

  private String picks(Balancer balancer, Rotation among, int count) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < count; i++) {
      names.append(balancer.choose(among, exchange).name().charAt(0));
    }
    return names.toString();
  }

  private static Map<Character, Integer> shares(String picks) {
    Map<Character, Integer> shares = new HashMap<>();
    picks.chars().forEach(c -> shares.merge((char) c, 1, Integer::sum));
    return shares;
  }

  private static int[] weights(Random random, int most) {
    return random.ints(2 + random.nextInt(6), 1, most + 1).toArray();
  }

  // ---- round robin

  @Test
  void equalsTakeTurns() {
    assertThat(picks(inTurn(), Spots.rotation(1, 1, 1), 6)).isEqualTo("abcabc");
    assertThat(picks(inTurn(), Spots.rotation(500, 500), 4)).isEqualTo("abab");
  }

  @Test
  void theHeavySpreadTheirTurnsOverTheRound() {
    String round = picks(inTurn(), Spots.rotation(5, 1, 1), 14);

    assertThat(round).doesNotContain("aaaaaaaaa");
    assertThat(shares(round))
        .containsOnly(Map.entry('a', 10), Map.entry('b', 2), Map.entry('c', 2));
  }

  /** Seen failing without the modulo behind the offset. */
  @Test
  void everyRoundHasExactShares() {
    Property.forAll(
        200,
        random -> {
          int[] weights = weights(random, 1_000);
          int total = IntStream.of(weights).sum();

          Map<Character, Integer> shares =
              shares(picks(inTurn(), Spots.rotation(weights), 2 * total));

          for (int i = 0; i < weights.length; i++) {
            assertThat(shares.get((char) ('a' + i))).isEqualTo(2 * weights[i]);
          }
        });
  }

  @Test
  void theCounterMayOverflow() {
    Balancer balancer =
        Balancer.of(LoadBalancing.Plain.ROUND_ROBIN, new AtomicLong(Long.MAX_VALUE - 3));

    assertThat(shares(picks(balancer, Spots.rotation(2, 1), 300))).hasSize(2);
  }

  // ---- least requests

  @Test
  void theLeastBusyForItsWeightIsPicked() {
    Property.forAll(
        500,
        random -> {
          int[] weights = weights(random, 10);
          Rotation rotation = Spots.rotation(weights);
          for (int i = 0; i < weights.length; i++) {
            Spots.load(rotation, i, random.nextInt(20));
          }
          Balancer balancer = new LeastRequests(new AtomicLong(random.nextInt(1_000)));

          Endpoint picked = balancer.choose(rotation, exchange);

          double its = picked.active() / (double) picked.weight();
          for (int i = 0; i < weights.length; i++) {
            assertThat(its).isLessThanOrEqualTo(rotation.at(i).active() / (double) weights[i]);
          }
        });
  }

  @Test
  void anIdleGatewaySpreadsByWeightWithLeastRequestsToo() {
    Balancer balancer = new LeastRequests(new AtomicLong());

    assertThat(shares(picks(balancer, Spots.rotation(2, 1, 1), 400)))
        .containsOnly(Map.entry('a', 200), Map.entry('b', 100), Map.entry('c', 100));
  }

  // ---- random two

  @Test
  void theLessBusyOfTwoIsPickedAndTheBusiestNever() {
    Rotation rotation = Spots.rotation(1, 1, 1, 1);
    Spots.load(rotation, 2, 5);

    String picks = picks(RandomTwo.ofTheJvm(), rotation, 2_000);

    assertThat(picks).doesNotContain("c").contains("a").contains("b").contains("d");
  }

  @Test
  void twoAreDrawnByWeightAndNeverTheSame() {
    Random random = new Random(5);
    RandomTwo balancer = new RandomTwo(bound -> random.nextLong(bound));
    Rotation rotation = Spots.rotation(6, 3, 1);

    Map<Character, Integer> idle = shares(picks(balancer, rotation, 10_000));
    Spots.load(rotation, 0, 1);
    Map<Character, Integer> heavyIsBusy = shares(picks(balancer, rotation, 10_000));

    assertThat(idle.get('a')).isCloseTo(6_000, within(200));
    assertThat(idle.get('b')).isCloseTo(3_000, within(200));
    // Another is drawn beside the busy one, and wins.
    assertThat(heavyIsBusy).doesNotContainKey('a');
  }

  // ---- consistent hash

  private final Balancer hash = new ConsistentHash("x-user", new AtomicLong());

  private String placesOf(Rotation rotation, int values) {
    StringBuilder places = new StringBuilder();
    for (int i = 0; i < values; i++) {
      exchange.headers().set("X-User", "user-" + i);
      places.append(hash.choose(rotation, exchange).name().charAt(0));
    }
    return places.toString();
  }

  @Test
  void valuesAreSharedByWeight() {
    Map<Character, Integer> shares = shares(placesOf(Spots.rotation(1, 2, 1), 20_000));

    assertThat(shares.get('a')).isCloseTo(5_000, within(250));
    assertThat(shares.get('b')).isCloseTo(10_000, within(250));
    assertThat(shares.get('c')).isCloseTo(5_000, within(250));
    assertThat(shares(placesOf(Spots.rotation(1, 1), 20_000)).get('a'))
        .isCloseTo(10_000, within(250));
  }

  /** Seen failing with a hash modulo the number of endpoints. */
  @Test
  void onlyTheValuesOfAnEndpointThatGoesMove() {
    int values = 2_000;
    String four = placesOf(Spots.rotation(3, 1, 2, 1), values);
    String three = placesOf(Spots.rotation(3, 1, 2), values);

    Set<Character> takers = new HashSet<>();
    for (int i = 0; i < values; i++) {
      if (four.charAt(i) == 'd') {
        takers.add(three.charAt(i));
      } else {
        assertThat(three.charAt(i)).isEqualTo(four.charAt(i));
      }
    }
    assertThat(takers).containsExactlyInAnyOrder('a', 'b', 'c');
  }

  @Test
  void placesAreTheSameInEveryProcess() {
    assertThat(placesOf(Spots.rotation(1, 1, 1), 24)).isEqualTo("aabbbbcbbcbacacaaccacbbc");
  }

  @Test
  void withoutTheHeaderEndpointsTakeTurns() {
    assertThat(picks(hash, Spots.rotation(1, 1, 1), 6)).isEqualTo("abcabc");
  }

  // ---- tries of one exchange

  @Test
  void anotherTryGoesToAnotherEndpoint() {
    Rotation rotation = Spots.rotation(1, 4, 2);
    exchange.currentTry().begun(Destinations.named("b:80"), 0);
    Try second = exchange.anotherTry(false);

    Rotation left = rotation.without(exchange, second);

    assertThat(picks(inTurn(), left, 100)).doesNotContain("b").contains("a").contains("c");
    assertThat(shares(picks(inTurn(), left, 300)).get('c')).isEqualTo(200);
  }

  @Test
  void whenAllHaveBeenTriedAnyWillDo() {
    Rotation rotation = Spots.rotation(1, 1);
    exchange.currentTry().begun(Destinations.named("a:80"), 0);
    exchange.anotherTry(false).begun(Destinations.named("b:80"), 0);
    Try third = exchange.anotherTry(false);

    assertThat(rotation.without(exchange, third)).isSameAs(rotation);
  }

  @Test
  void aTryThatWaitedKeepsAwayFromTheHedgeThatOvertookIt() {
    Rotation rotation = Spots.rotation(1, 1);
    Try first = exchange.currentTry();
    exchange.anotherTry(true).begun(Destinations.named("a:80"), 0);

    Rotation left = rotation.without(exchange, first);

    assertThat(picks(inTurn(), new Rotation(List.of(left.at(0), left.at(0)), new long[] {1, 1}), 2))
        .isEqualTo("bb");
  }
}

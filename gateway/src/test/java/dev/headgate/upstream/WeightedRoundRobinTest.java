package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.UpstreamProtocol;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightedRoundRobinTest {
  private static Endpoint endpoint(char name, int weight) {
    EndpointKey key = new EndpointKey("svc", UpstreamProtocol.H1, null, String.valueOf(name), 80);
    Duration any = Duration.ofSeconds(1);
    Connector connector =
        new Connector(
            loop -> {
              throw new AssertionError("nobody connects");
            },
            DefaultAddressResolverGroup.INSTANCE,
            new TlsContexts(bundle -> TlsMaterial.OF_THE_JVM));
    PoolSettings settings = new PoolSettings(1, any, any, any);
    return Endpoint.of(key, "", weight, new ConnectionPool(key, settings, connector));
  }

  private static String turns(int count, int... weights) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      endpoints.add(endpoint((char) ('a' + i), weights[i]));
    }
    WeightedRoundRobin balancer = new WeightedRoundRobin(endpoints);
    StringBuilder turns = new StringBuilder();
    for (int i = 0; i < count; i++) {
      turns.append(balancer.next().name().charAt(0));
    }
    return turns.toString();
  }

  @Test
  void oneHasEveryTurn() {
    assertThat(turns(3, 7)).isEqualTo("aaa");
  }

  @Test
  void equalsTakeTurns() {
    assertThat(turns(6, 1, 1, 1)).isEqualTo("abcabc");
    assertThat(turns(4, 500, 500)).isEqualTo("abab");
  }

  @Test
  void theHeavySpreadTheirTurnsOverTheRound() {
    assertThat(turns(7, 5, 1, 1)).isEqualTo("aabacaa");
    assertThat(turns(3, 1, 2)).isEqualTo("bab");
  }

  @Test
  void everyRoundHasExactShares() {
    Random chance = new Random(7);
    for (int run = 0; run < 50; run++) {
      int[] weights = chance.ints(1 + chance.nextInt(6), 1, 40).toArray();
      int total = java.util.Arrays.stream(weights).sum();
      Map<Character, Integer> shares = new HashMap<>();
      for (char turn : turns(3 * total, weights).toCharArray()) {
        shares.merge(turn, 1, Integer::sum);
      }
      for (int i = 0; i < weights.length; i++) {
        assertThat(shares.get((char) ('a' + i))).isEqualTo(3 * weights[i]);
      }
    }
  }
}

package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionCensusTest {
  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }

  @Test
  void letsInAsManyAsThereMayBe() {
    ConnectionCensus census = new ConnectionCensus(2, 0);
    assertThat(census.enter()).isTrue();
    assertThat(census.enter()).isTrue();
    assertThat(census.enter()).isFalse();
    assertThat(census.open()).isEqualTo(2);

    census.leave();

    assertThat(census.enter()).isTrue();
    assertThat(census.countsClients()).isFalse();
  }

  @Test
  void zeroIsNoLimit() {
    ConnectionCensus census = new ConnectionCensus(0, 0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(census.enter()).isTrue();
    }
  }

  @Test
  void aSiteIsOneClient() {
    ConnectionCensus census = new ConnectionCensus(0, 1);
    assertThat(census.enter(address("2001:db8:0:1::1"))).isTrue();
    assertThat(census.enter(address("2001:db8:0:1:ffff::2"))).isFalse();
    assertThat(census.enter(address("2001:db8:0:2::1"))).isTrue();
    assertThat(census.enter(address("192.0.2.1"))).isTrue();
    assertThat(census.enter(address("192.0.2.2"))).isTrue();
    assertThat(census.enter(address("::ffff:192.0.2.1"))).isFalse();
  }

  @Test
  void forgetsWhoHasLeft() {
    List<InetAddress> clients =
        List.of(address("192.0.2.1"), address("192.0.2.2"), address("2001:db8::1"), address("::1"));
    Property.forAll(
        300,
        random -> {
          int max = 1 + random.nextInt(3);
          ConnectionCensus census = new ConnectionCensus(0, max);
          ArrayDeque<InetAddress> open = new ArrayDeque<>();
          Map<InetAddress, Integer> counts = new HashMap<>();
          for (int i = 0; i < 60; i++) {
            InetAddress client = Property.oneOf(random, clients);
            if (random.nextBoolean()) {
              boolean free = counts.getOrDefault(client, 0) < max;
              assertThat(census.enter(client)).isEqualTo(free);
              if (free) {
                counts.merge(client, 1, Integer::sum);
                open.add(client);
              }
            } else if (!open.isEmpty()) {
              InetAddress gone = open.remove();
              census.leave(gone);
              counts.merge(gone, -1, Integer::sum);
            }
          }
          open.forEach(census::leave);
          assertThat(census.clients()).isZero();
        });
  }
}

package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientWalkTest {
  private static final TrustedProxies PROXIES =
      TrustedProxies.of(List.of("10.0.0.0/8", "fd00::/8"));
  private static final List<String> JUNK =
      List.of("", "unknown", "_hidden", "10.0.0", "nonsense", "192.0.2.1.5", "10.1.1.1 10.1.1.1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.9 | 10.1.1.1 | 192.0.2.9",
        "192.0.2.9 | 192.0.2.8, 10.1.1.1 | 192.0.2.9",
        "10.0.0.1 | | 10.0.0.1",
        "10.0.0.1 | 192.0.2.1 | 192.0.2.1",
        "10.0.0.1 | 198.51.100.7, 192.0.2.1 | 192.0.2.1",
        "10.0.0.1 | 192.0.2.1, 10.0.0.2, fd00::3 | 192.0.2.1",
        "10.0.0.1 | 10.0.0.3, 10.0.0.2 | 10.0.0.3",
        "10.0.0.1 | 192.0.2.1, unknown, 10.0.0.2 | 10.0.0.2",
        "10.0.0.1 | 192.0.2.1, unknown | 10.0.0.1",
        "10.0.0.1 | unknown, 192.0.2.1 | 192.0.2.1",
        "fd00::1 | 2001:db8::1, [fd00::2]:99 | 2001:db8::1",
      })
  void isTheNearestThatIsNoProxy(String peer, String entries, String client) {
    List<String> list = entries == null ? List.of() : List.of(entries.split(", "));

    ClientWalk walk =
        ClientWalk.from(NetUtil.createInetAddressFromIpAddressString(peer), list, PROXIES);

    assertThat(AddressText.of(walk.client())).isEqualTo(client);
  }

  @Test
  void noStrangerChangesWhatAProxyWroteAfterHim() {
    Property.forAll(
        2_000,
        random -> {
          String stranger = address(random, false);
          List<String> proxies = new ArrayList<>();
          for (int i = random.nextInt(4); i > 0; i--) {
            proxies.add(address(random, true));
          }
          List<String> entries = new ArrayList<>();
          for (int i = random.nextInt(5); i > 0; i--) {
            entries.add(anything(random));
          }
          entries.add(stranger);
          entries.addAll(proxies);

          ClientWalk walk = ClientWalk.from(peer(random), entries, PROXIES);

          assertThat(AddressText.of(walk.client())).isEqualTo(stranger);
          assertThat(entries.get(walk.index())).isEqualTo(stranger);
        });
  }

  @Test
  void isThePeerOrAnEntryWhoseRightIsAllProxies() {
    Property.forAll(
        2_000,
        random -> {
          InetAddress peer =
              NetUtil.createInetAddressFromIpAddressString(address(random, random.nextBoolean()));
          List<String> entries = new ArrayList<>();
          for (int i = random.nextInt(8); i > 0; i--) {
            entries.add(anything(random));
          }

          ClientWalk walk = ClientWalk.from(peer, entries, PROXIES);

          List<InetAddress> path = new ArrayList<>(List.of(peer));
          for (int i = entries.size() - 1; i >= walk.index(); i--) {
            path.add(AddressText.node(entries.get(i)));
          }
          assertThat(path).last().isEqualTo(walk.client());
          assertThat(path.subList(0, path.size() - 1)).allMatch(PROXIES::contains);
        });
  }

  private static InetAddress peer(Random random) {
    return NetUtil.createInetAddressFromIpAddressString(address(random, true));
  }

  private static String anything(Random random) {
    return Property.chance(random, 30)
        ? Property.oneOf(random, JUNK)
        : address(random, random.nextBoolean());
  }

  private static String address(Random random, boolean proxy) {
    String low = Integer.toString(random.nextInt(256));
    if (random.nextBoolean()) {
      return (proxy ? "10.0.0." : "192.0.2.") + low;
    }
    return (proxy ? "fd00::" : "2001:db8::") + Integer.toHexString(1 + random.nextInt(65_000));
  }
}

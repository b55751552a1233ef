package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static InetAddress peer(String address) throws UnknownHostException {
    return InetAddress.getByName(address);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.9.9.9/8, 10.1.1.1, true",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "0.0.0.0/0, 192.0.2.1, true",
    "fd00::/8, fd12::1, true",
    "fd00::/8, fe80::1, false",
    "'::1', '::1', true",
    "10.0.0.0/8, '::1', false",
    "'::/0', 10.0.0.1, false"
  })
  void knowsItsRanges(String cidr, String address, boolean trusted) throws Exception {
    assertThat(TrustedProxies.of(List.of(cidr)).contains(peer(address))).isEqualTo(trusted);
  }

  @Test
  void nobodyIsTrustedUnlessNamed() throws Exception {
    assertThat(TrustedProxies.of(List.of()).contains(peer("127.0.0.1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "example.com/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "10.0.0",
        "10.0.0.0/",
        "fd00::/129",
        "/8"
      })
  void refusesWhatIsNoRange(String cidr) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of(cidr)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a CIDR");
  }
}

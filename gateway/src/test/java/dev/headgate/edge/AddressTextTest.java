package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "192.0.2.1:80 | 192.0.2.1",
        "192.0.2.1:_hidden | 192.0.2.1",
        "\"192.0.2.1:80\" | 192.0.2.1",
        "0.0.0.0 | 0.0.0.0",
        "2001:db8::1 | 2001:db8::1",
        "2001:DB8:0:0:0:0:0:1 | 2001:db8::1",
        "[2001:db8::1] | 2001:db8::1",
        "[2001:db8::1]:443 | 2001:db8::1",
        "\"[2001:db8::1]:443\" | 2001:db8::1",
        "::ffff:192.0.2.1 | 192.0.2.1",
        "[::1] | ::1"
      })
  void readsAddressesInAllTheirDress(String node, String address) {
    assertThat(AddressText.of(Objects.requireNonNull(AddressText.node(node)))).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "unknown",
        "_secret",
        "localhost",
        "example.com",
        "192.0.2",
        "192.0.2.256",
        "010.0.0.1",
        "10.0.0.01",
        "0x7f.0.0.1",
        "2130706433",
        "192.0.2.1:",
        "192.0.2.1:123456",
        "192.0.2.1:8o",
        "192.0.2.1 ",
        "[192.0.2.1",
        "[192.0.2.1]",
        "[2001:db8::1",
        "[2001:db8::1]x",
        "[2001:db8::1]:",
        "2001:db8::1]",
        "fe80::1%eth0",
        "[fe80::1%25eth0]",
        "\"",
        "\"192.0.2.1",
        "1::2::3"
      })
  void saysNothingToWhatIsNoAddress(String node) {
    assertThat(AddressText.node(node)).isNull();
  }

  @Test
  void everyAddressIsReadAsItIsWritten() {
    Property.forAll(
        2_000,
        random -> {
          byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
          random.nextBytes(octets);
          for (int i = 0; i < octets.length && random.nextBoolean(); i++) {
            octets[i] = 0;
          }
          InetAddress address = address(octets);
          String text = AddressText.of(address);
          assertThat(AddressText.node(text)).isEqualTo(address);
          assertThat(AddressText.node("\"[" + text + "]:1\""))
              .isEqualTo(address.getAddress().length == 16 ? address : null);
        });
  }

  private static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}

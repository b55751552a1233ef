package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What proxies tell of the client: fields and the PROXY header. */
class ForwardingFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void aHopIsReadAsItIsWritten(byte[] octets) {
    String line = new String(octets, StandardCharsets.ISO_8859_1);
    List<ForwardedElement> hops = ForwardedElement.parse(List.of(line));
    if (hops == null) {
      return;
    }
    assertThat(hops).isNotEmpty();
    for (ForwardedElement hop : hops) {
      if (hop.node() != null) {
        String again = "for=\"" + hop.node().replaceAll("[\"\\\\]", "\\\\$0") + "\"";
        List<ForwardedElement> read = ForwardedElement.parse(List.of(again));
        assertThat(read).isEqualTo(List.of(new ForwardedElement(hop.node(), null, null)));
      }
    }
  }

  @FuzzTest(maxDuration = "10s")
  void anAddressHasOneText(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    InetAddress address = AddressText.node(text);
    if (address != null) {
      String written = AddressText.of(address);
      assertThat(AddressText.node(written)).isEqualTo(address);
      assertThat(written).matches("[0-9a-f:.]+");
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aProxyHeaderIsReadOrRefused(byte[] octets) {
    EmbeddedChannel channel = new EmbeddedChannel(new ProxyHeaderDecoder());
    try {
      channel.writeInbound(Unpooled.copiedBuffer(octets));
      channel.finish();
    } catch (DecoderException refused) {
      // What is no refusal of the decoder's own Netty wraps in another class.
      assertThat(refused).isInstanceOf(HAProxyProtocolException.class);
    } finally {
      channel.releaseInbound();
    }
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is at the other end, as a balancer's PROXY header tells. */
@Tag("alone") // It measures time.
class ProxyProtocolIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  private void route() {
    edge.proxyProtocol();
    edge.route(
        edge.service(
            wire -> {
              while (true) {
                seen.add(String.valueOf(wire.readHead().field("x-forwarded-for")));
                wire.send(ok("hello"));
              }
            }));
  }

  // The close may be seen ahead of the count.
  private void refused() {
    await().until(() -> edge.gate().refused(Gate.Reason.PROXY_PROTOCOL) == 1);
  }

  private static byte[] v2(String head, String block) {
    byte[] rest = HexFormat.of().parseHex(block);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex(SIGNATURE + head));
    bytes.write(rest.length >> 8);
    bytes.write(rest.length);
    bytes.writeBytes(rest);
    return bytes.toByteArray();
  }

  private static String hex(String address) throws Exception {
    return HexFormat.of().formatHex(InetAddress.getByName(address).getAddress());
  }

  private void serves(String client) throws Exception {
    assertThat(seen.poll()).isEqualTo(client);
    assertThat(edge.record(0).client()).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.7", "2001:db8::7"})
  void version1NamesTheClient(String client) throws Exception {
    route();
    String family = client.indexOf(':') < 0 ? "TCP4" : "TCP6";
    String own = client.indexOf(':') < 0 ? "192.0.2.1" : "2001:db8::1";
    Wire wire =
        edge.client()
            .send("PROXY %s %s %s 4711 80\r\n".formatted(family, client, own))
            .send(request("GET", "/svc/a"));

    assertThat(wire.readAnswer().body()).isEqualTo("hello");
    serves(client);
    assertThat(wire.send(request("GET", "/svc/a")).readAnswer().body()).isEqualTo("hello");
    assertThat(seen.poll()).isEqualTo(client);
  }

  @Test
  void version2NamesTheClientWhateverElseItSays() throws Exception {
    route();
    String tlvs = "04" + "0003" + "616263" + "ea" + "0001" + "00";
    byte[] header = v2("2121", hex("2001:db8::7") + hex("2001:db8::1") + "1267" + "0050" + tlvs);

    assertThat(edge.client().send(header).send(request("GET", "/svc/a")).readAnswer().body())
        .isEqualTo("hello");
    serves("2001:db8::7");
  }

  @Test
  void aHeaderMayComeByteByByteAndAlongWithTheRequest() throws Exception {
    route();
    byte[] header = v2("2111", hex("192.0.2.7") + hex("192.0.2.1") + "1267" + "0050");
    Wire wire = edge.client();
    for (int i = 0; i < header.length - 1; i++) {
      wire.send(new byte[] {header[i]});
      assertThat(wire.silentFor(1)).isTrue();
    }
    byte[] head = request("GET", "/svc/a").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] together = new byte[1 + head.length];
    together[0] = header[header.length - 1];
    System.arraycopy(head, 0, together, 1, head.length);

    assertThat(wire.send(together).readAnswer().body()).isEqualTo("hello");
    serves("192.0.2.7");
  }

  @Test
  void aHealthCheckOfTheBalancerIsItself() throws Exception {
    route();
    assertThat(
            edge.client().send(v2("2000", "")).send(request("GET", "/svc/a")).readAnswer().body())
        .isEqualTo("hello");
    serves("127.0.0.1");
  }

  @Test
  void somebodyUnknownIsNotTrustedForTheBalancersSake() throws Exception {
    edge.trust("127.0.0.1");
    route();
    String spoof = "GET /svc/a HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 10.0.0.1\r\n\r\n";

    assertThat(edge.client().send("PROXY UNKNOWN\r\n").send(spoof).readAnswer().body())
        .isEqualTo("hello");
    serves("127.0.0.1");
  }

  @Test
  void thePeerThatItNamesIsTheOneToTrust() throws Exception {
    edge.trust("127.0.0.1", "192.0.2.0/24");
    route();
    String told = "GET /svc/a HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 198.51.100.1\r\n\r\n";

    edge.client().send("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n").send(told).readAnswer();

    assertThat(seen.poll()).isEqualTo("198.51.100.1, 192.0.2.7");
    assertThat(edge.record(0).client()).isEqualTo("198.51.100.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /svc/a HTTP/1.1\r\n",
        "P\r\n",
        "PROXZ",
        "PROXY TCP4 192.0.2.300 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.3 192.0.2.1 1 99999\r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP9 192.0.2.3 192.0.2.1 1 2\r\n",
        "PROXY TCP6 192.0.2.3 192.0.2.1 1 2\r\n",
        "\r\n\r\n\0\r\nQUITX",
        "\r\n\r\n\0\r\nQUIT\n\021",
        "\r\n\r\n\0\r\nQUIT\n\047\021\0\014abcdefghijkl",
        "\r\n\r\n\0\r\nQUIT\n\041\021\0\001a"
      })
  void whoDoesNotBeginWithAHeaderIsCutOffAtOnce(String bytes) throws Exception {
    route();
    long begin = System.nanoTime();
    Wire wire = edge.client().send(bytes);

    wire.awaitEnd();

    assertThat(System.nanoTime() - begin).as("before the limit").isLessThan(900_000_000L);
    refused();
    assertThat(edge.records()).isEmpty();
  }

  @Test
  void aV1LineHasAnEnd() throws Exception {
    route();
    edge.client().send("PROXY TCP4 " + "1".repeat(200)).awaitEnd();
    refused();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PROXY TCP4 192"})
  void aHeaderIsNotWaitedForForever(String beginning) throws Exception {
    route();
    assertThat(edge.client().send(beginning).readToEnd()).isEmpty();
    refused();
  }

  @Test
  void onlyTrustedProxiesMaySayWhereThereAreAny() throws Exception {
    edge.trust("192.0.2.0/24");
    route();
    edge.client().awaitEnd();
    refused();
  }

  @Test
  void aClientsShareIsCountedByTheAddressInTheHeader() throws Exception {
    edge.maxConnections(0, 1);
    route();
    String header = "PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n";
    edge.client().send(header + request("GET", "/svc/a")).readAnswer();

    Answer refused = edge.client().send(header + request("GET", "/svc/b")).readAnswer();

    assertThat(refused.head().status()).isEqualTo(503);
    assertThat(edge.gate().refused(Gate.Reason.MAX_CONNECTIONS_PER_CLIENT)).isEqualTo(1);
    assertThat(seen).hasSize(1);
    assertThat(
            edge.client()
                .send("PROXY TCP4 192.0.2.8 192.0.2.1 1 2\r\n" + request("GET", "/local"))
                .readAnswer()
                .body())
        .isEqualTo("local");
  }
}

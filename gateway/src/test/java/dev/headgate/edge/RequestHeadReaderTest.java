package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Through Netty's decoder, since it is that one's leniency which has to be made good. */
class RequestHeadReaderTest {
  private static final Peer PEER =
      new Peer(
          InetSocketAddress.createUnresolved("client", 1), "client", false, "http", "80", null);

  private static HttpRequest decoded(String text) {
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(200, 300, 1024));
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    HttpRequest head = Objects.requireNonNull(channel.readInbound());
    channel.finishAndReleaseAll();
    return head;
  }

  private static GatewayRequest read(HttpRequest head, String scheme, boolean trusted) {
    return RequestHeadReader.read(
        head, new Peer(PEER.remote(), "client", trusted, scheme, "80", null), null);
  }

  private static GatewayRequest read(String text) {
    return RequestHeadReader.read(decoded(text), PEER, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /a HTTP/1.1 | Api.Example.com:8080 | Api.Example.com:8080 | api.example.com | /a |",
        "GET /a?b=c?d HTTP/1.1 | h | h | h | /a | b=c?d",
        "GET /a? HTTP/1.1 | h | h | h | /a | ''",
        "GET / HTTP/1.1 | [::1]:80 | [::1]:80 | [::1] | / |",
        "GET http://Other:81/a?b HTTP/1.1 | h | Other:81 | other | /a | b",
        "GET HTTP://other HTTP/1.1 | h | other | other | / |",
        "GET http://other?b HTTP/1.1 | h | other | other | / | b",
        "OPTIONS * HTTP/1.1 | h | h | h | * |",
        "OPTIONS http://other:81 HTTP/1.1 | h | other:81 | other | * |",
        "OPTIONS http://other/ HTTP/1.1 | h | other | other | / |",
        "OPTIONS http://other?b HTTP/1.1 | h | other | other | / | b",
        "FROBNICATE /a HTTP/1.1 | h | h | h | /a |"
      })
  void readsTheTargetAndItsAuthority(
      String line, String host, String authority, String name, String path, @Nullable String q) {
    GatewayRequest request = read(line + "\r\nhost: " + host + "\r\n\r\n");

    assertThat(request.authority()).isEqualTo(authority);
    assertThat(request.host()).isEqualTo(name);
    assertThat(request.path()).isEqualTo(path);
    assertThat(request.query()).isEqualTo(q);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /a HTTP/1.1 | | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: a\\nhost: b | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: a\\nhost: a | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: a,b | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: u@a | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: a b | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: h\";for=1.2.3.4 | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: h\\ | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: h/b | BAD_REQUEST",
        "GET http://h\"/a HTTP/1.1 | host: h | BAD_REQUEST",
        "GET a HTTP/1.1 | host: h | BAD_REQUEST",
        "POST /a HTTP/1.1 | host: h\\ntransfer-encoding: gzip | BAD_REQUEST",
        "POST /a HTTP/1.1 | host: h\\ntransfer-encoding: gzip, chunked | BAD_REQUEST",
        "POST /a HTTP/1.1 | host: h\\ncontent-length: +1 | BAD_REQUEST",
        "POST /a HTTP/1.0 | transfer-encoding: chunked | BAD_REQUEST",
        "GET * HTTP/1.1 | host: h | BAD_REQUEST",
        "GET /a#b HTTP/1.1 | host: h | BAD_REQUEST",
        "GET ftp://h/a HTTP/1.1 | host: h | BAD_REQUEST",
        "GET http:///a HTTP/1.1 | host: h | BAD_REQUEST",
        "GET http://u:p@h/a HTTP/1.1 | host: h | BAD_REQUEST",
        "GET /%zz HTTP/1.1 | host: h | BAD_REQUEST",
        "GET https://h/a HTTP/1.1 | host: h | BAD_REQUEST",
        "GET /a?b#c HTTP/1.1 | host: h | BAD_REQUEST",
        "GET http://h HTTP/1.1 | host: | BAD_REQUEST",
        "GET /a HTTP/1.0 | host: | BAD_REQUEST",
        "OPTIONS *a HTTP/1.1 | host: h | BAD_REQUEST",
        "CONNECT h:443 HTTP/1.1 | host: h | METHOD_NOT_IMPLEMENTED",
        "CONNECT /a HTTP/1.1 | host: h | METHOD_NOT_IMPLEMENTED",
        "GET /a HTTP/2.0 | host: h | VERSION_NOT_SUPPORTED",
        "GET /a HTTP/0.9 | host: h | VERSION_NOT_SUPPORTED",
        "GET /a FTP/1.1 | host: h | BAD_REQUEST",
        "GET /a HTTP/1.1 | host: h\\nna me: x | BAD_REQUEST"
      })
  void refusesWhatCouldBeReadInTwoWays(String line, @Nullable String fields, String code) {
    String text =
        line + "\r\n" + (fields == null ? "" : fields.replace("\\n", "\r\n") + "\r\n") + "\r\n";

    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            GatewayFailure.class, f -> assertThat(f.reason().name()).isEqualTo(code));
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThatThrownBy(() -> read("GET /" + "a".repeat(300) + " HTTP/1.1\r\nhost: h\r\n\r\n"))
        .isInstanceOfSatisfying(
            GatewayFailure.class, f -> assertThat(f.reason().name()).isEqualTo("URI_TOO_LONG"));
    assertThatThrownBy(
            () -> read("GET / HTTP/1.1\r\nhost: h\r\nx: " + "a".repeat(400) + "\r\n\r\n"))
        .isInstanceOfSatisfying(
            GatewayFailure.class,
            f -> assertThat(f.reason().name()).isEqualTo("HEADERS_TOO_LARGE"));
  }

  @Test
  void anHttpsTargetNeedsASecuredConnectionOrATrustedProxy() {
    HttpRequest head = decoded("GET https://other/a HTTP/1.1\r\nhost: h\r\n\r\n");

    assertThat(read(head, "https", false).authority()).isEqualTo("other");
    assertThat(read(head, "http", true).authority()).isEqualTo("other");
  }

  @Test
  void http10NeedsNoHost() {
    assertThat(read("GET /a HTTP/1.0\r\n\r\n").authority()).isEmpty();
  }

  @Test
  void whatCannotBeReadStillHasALine() {
    HttpRequest garbage = decoded("garbage\r\n\r\n");

    GatewayRequest told = RequestHeadReader.unreadable(garbage, PEER);

    assertThat(told.path()).isEqualTo("/");
    assertThat(told.scheme()).isEqualTo("http");
    assertThat(told.client()).isEqualTo("client");
  }
}

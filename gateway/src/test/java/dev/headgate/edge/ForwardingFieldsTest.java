package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.GatewayRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingFieldsTest {
  private static final TrustedProxies PROXIES =
      TrustedProxies.of(List.of("10.0.0.0/8", "fd00::/8"));

  /** A request, as it goes on. */
  private record Sent(GatewayRequest request, HttpHeaders headers) {
    String field(String name) {
      return String.join(" | ", headers.getAll(name));
    }
  }

  private static Sent from(String peerAddress, String... fields) {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set("host", "shop.example:8080");
    for (String field : fields) {
      int colon = field.indexOf(':');
      headers.add(field.substring(0, colon), field.substring(colon + 1).strip());
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(peerAddress);
    Peer peer =
        new Peer(
            new InetSocketAddress(address, 40_000),
            AddressText.of(address),
            PROXIES.contains(address),
            "http",
            "8080",
            ":Y2VydA==:");
    @Nullable ToldIdentity told =
        peer.trusted() ? ToldIdentity.read(headers, address, PROXIES) : null;
    GatewayRequest request =
        RequestHeadReader.read(
            new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", headers), peer, told);
    ForwardingFields.apply(headers, request, peer, told);
    return new Sent(request, headers);
  }

  @Test
  void aStrangersWordIsReplaced() {
    Sent sent =
        from(
            "192.0.2.1",
            "X-Forwarded-For: 10.0.0.1",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Port: 443",
            "Forwarded: for=10.0.0.1;host=evil.example",
            "X-Real-IP: 10.0.0.1");

    assertThat(sent.field("x-forwarded-for")).isEqualTo("192.0.2.1");
    assertThat(sent.field("x-forwarded-proto")).isEqualTo("http");
    assertThat(sent.field("x-forwarded-host")).isEqualTo("shop.example:8080");
    assertThat(sent.field("x-forwarded-port")).isEqualTo("8080");
    assertThat(sent.field("x-real-ip")).isEqualTo("192.0.2.1");
    assertThat(sent.field("forwarded"))
        .isEqualTo("for=192.0.2.1;host=\"shop.example:8080\";proto=http");
    assertThat(sent.request().client()).isEqualTo("192.0.2.1");
    assertThat(sent.request().scheme()).isEqualTo("http");
    assertThat(sent.request().publicAuthority()).isEqualTo("shop.example:8080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-Prefix",
        "X-Forwarded-Client-Cert",
        "X-Forwarded-Anything",
        "X-Forwarded",
        "X_Forwarded_For",
        "x-forwarded_host",
        "X-Client-IP",
        "X_Real_IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "Client-Cert-Chain",
        "Front-End-Https",
        "SSL_CLIENT_VERIFY"
      })
  void noOtherSpellingOfAStrangerPasses(String name) {
    assertThat(from("192.0.2.1", name + ": x").field(name)).isEmpty();
  }

  @Test
  void aCheckedCertificateIsToldAndNotAStrangersWordForIt() {
    assertThat(from("192.0.2.1", "Client-Cert: :ZXZpbA==:").field("client-cert"))
        .isEqualTo(":Y2VydA==:");
  }

  @Test
  void aProxysOwnCertificateIsNotItsClients() {
    assertThat(from("10.0.0.1").field("client-cert")).isEmpty();
    assertThat(from("10.0.0.1", "Client-Cert: :Y2xpZW50:").field("client-cert"))
        .isEqualTo(":Y2xpZW50:");
  }

  @Test
  void otherFieldsPass() {
    Sent sent = from("192.0.2.1", "X-Forward: a", "Cookie: b", "X-Real: c", "X_Other: d");
    assertThat(sent.headers().names()).contains("X-Forward", "Cookie", "X-Real", "X_Other");
  }

  @Test
  void aTrustedProxysWordIsKeptAndAddedTo() {
    Sent sent =
        from(
            "10.0.0.1",
            "X-Forwarded-For: 198.51.100.9",
            "X-Forwarded-For: 192.0.2.7, 10.0.0.2",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: www.example",
            "X-Forwarded-Port: 443",
            "X-Forwarded-Prefix: /shop",
            "X_Forwarded_For: 198.51.100.9");

    assertThat(sent.field("x-forwarded-for"))
        .isEqualTo("198.51.100.9, 192.0.2.7, 10.0.0.2, 10.0.0.1");
    assertThat(sent.field("x-forwarded-proto")).isEqualTo("https");
    assertThat(sent.field("x-forwarded-host")).isEqualTo("www.example");
    assertThat(sent.field("x-forwarded-port")).isEqualTo("443");
    assertThat(sent.field("x-forwarded-prefix")).isEqualTo("/shop");
    assertThat(sent.field("x_forwarded_for")).isEmpty();
    assertThat(sent.field("x-real-ip")).isEqualTo("192.0.2.7");
    assertThat(sent.field("forwarded"))
        .isEqualTo(
            "for=198.51.100.9, for=192.0.2.7;host=\"www.example\";proto=https, for=10.0.0.2, "
                + "for=10.0.0.1;host=\"shop.example:8080\";proto=http");
    assertThat(sent.request().client()).isEqualTo("192.0.2.7");
    assertThat(sent.request().scheme()).isEqualTo("https");
    assertThat(sent.request().publicAuthority()).isEqualTo("www.example");
    assertThat(sent.request().host()).as("matched by").isEqualTo("shop.example");
  }

  @Test
  void theStandardFieldIsReadWhereItIsAlone() {
    Sent sent =
        from(
            "fd00::1",
            "Forwarded: for=evil, for=\"[2001:db8::7]:99\";proto=https;host=www.example",
            "Forwarded: for=10.0.0.2",
            "X-Forwarded-Proto: http",
            "X-Forwarded-Host: evil.example");

    assertThat(sent.request().client()).isEqualTo("2001:db8::7");
    assertThat(sent.request().scheme()).isEqualTo("https");
    assertThat(sent.request().publicAuthority()).isEqualTo("www.example");
    assertThat(sent.field("x-forwarded-for")).isEqualTo("unknown, 2001:db8::7, 10.0.0.2, fd00::1");
    assertThat(sent.field("x-forwarded-proto")).isEqualTo("https");
    assertThat(sent.field("x-forwarded-host")).isEqualTo("www.example");
    assertThat(sent.field("forwarded"))
        .isEqualTo(
            "for=evil, for=\"[2001:db8::7]:99\";proto=https;host=www.example, for=10.0.0.2, "
                + "for=\"[fd00::1]\";host=\"shop.example:8080\";proto=http");
  }

  @Test
  void whereBothAreThereTheStandardOneMayBeAStrangers() {
    Sent sent =
        from(
            "10.0.0.1",
            "X-Forwarded-For: 192.0.2.7",
            "Forwarded: for=192.0.2.7;host=evil.example;proto=https");

    assertThat(sent.field("forwarded"))
        .isEqualTo("for=192.0.2.7, for=10.0.0.1;host=\"shop.example:8080\";proto=http");
    assertThat(sent.request().scheme()).isEqualTo("http");
    assertThat(sent.field("x-forwarded-host")).isEqualTo("shop.example:8080");
  }

  @Test
  void aMalformedChainIsReplaced() {
    Sent sent = from("10.0.0.1", "Forwarded: for=\"192.0.2.7, for=192.0.2.8");

    assertThat(sent.request().client()).isEqualTo("10.0.0.1");
    assertThat(sent.field("x-forwarded-for")).isEqualTo("10.0.0.1");
    assertThat(sent.field("forwarded"))
        .isEqualTo("for=10.0.0.1;host=\"shop.example:8080\";proto=http");
  }

  @Test
  void nonsenseOfATrustedProxyIsNotTaken() {
    Sent sent =
        from(
            "10.0.0.1",
            "X-Forwarded-For: nobody",
            "X-Forwarded-Proto: gopher",
            "X-Forwarded-Host: a\" b");

    assertThat(sent.request().client()).isEqualTo("10.0.0.1");
    assertThat(sent.request().scheme()).isEqualTo("http");
    assertThat(sent.request().publicAuthority()).isEqualTo("shop.example:8080");
    assertThat(sent.field("x-forwarded-proto")).isEqualTo("http");
    assertThat(sent.field("x-forwarded-host")).isEqualTo("shop.example:8080");
    assertThat(sent.field("forwarded")).startsWith("for=unknown, for=10.0.0.1;");
  }

  @Test
  void theLastOfSeveralSchemesIsTheTrustedOne() {
    assertThat(
            from("10.0.0.1", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https, http")
                .request()
                .scheme())
        .isEqualTo("http");
  }

  @Test
  void aToldPortThatIsNotTheUsualOneIsPartOfTheAuthority() {
    assertThat(
            from(
                    "10.0.0.1",
                    "X-Forwarded-Host: www.example",
                    "X-Forwarded-Port: 8443",
                    "X-Forwarded-Proto: https")
                .request()
                .publicAuthority())
        .isEqualTo("www.example:8443");
  }
}

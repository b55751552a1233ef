package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Certificate;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.TlsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ports beside the main one, and TLS on any of them. */
class ListenersIT {
  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.answering(request -> Answer.ok("fine"));

  private static final Certificate CLIENT = Certificate.of("client.test");

  @RegisterExtension static final SharedGateway GATEWAY = SharedGateway.over(repo());

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    certificate(repo, "web");
    certificate(repo, "other");
    CLIENT.writeTo(repo.folder(), "client");
    return repo.with("upstream", UPSTREAM.url())
        .with("folder", repo.folder().toString())
        .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
        .routes("routes: {all: {match: {path: /**}, upstream: u}}")
        .gateway(
            """
            server:
              ssl:
                bundle: web
                server-name-bundles: [{server-name: other.test, bundle: other}]
            spring.ssl.bundle:
              watch.file.quiet-period: 100ms
              pem:
                web:
                  reload-on-update: true
                  keystore: {certificate: "@folder@/web.crt", private-key: "@folder@/web.key"}
                  truststore: {certificate: "@folder@/client.crt"}
                other:
                  reload-on-update: true
                  keystore: {certificate: "@folder@/other.crt", private-key: "@folder@/other.key"}
            headgate:
              http: {tls-handshake-timeout: 5s, forward-client-certificate: true}
              listeners:
                plain: {port: 0, address: "127.0.0.1"}
                mtls: {port: 0, ssl: {bundle: web, client-auth: need}}
                optional: {port: 0, ssl: {bundle: web, client-auth: want}, http2: false}
                redirect: {port: 0, redirect-to-https: 8443}
                usual: {port: 0, redirect-to-https: 443}
                balanced: {port: 0, ssl: {bundle: web}, proxy-protocol: required}
                six: {port: 0, address: "::1"}
            """);
  }

  private static void certificate(ConfigRepo repo, String name) {
    Certificate.of(name + ".test").writeTo(repo.folder(), name);
  }

  @Test
  void theMainPortSpeaksTlsAndTellsServicesSo() throws Exception {
    UPSTREAM.forget();
    Response response = new TlsClient().get(GATEWAY.port(), "/a");

    assertThat(response.text()).isEqualTo("fine");
    Received request = UPSTREAM.take();
    assertThat(request.header("x-forwarded-proto")).isEqualTo("https");
    assertThat(request.header("forwarded")).endsWith("proto=https");
    assertThat(GATEWAY.process().log()).contains("Headgate listening on https://127.0.0.1:");
  }

  @Test
  void aClientMaySpeakVersion12Or13AndNothingOlder() throws Exception {
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (SSLSocket socket = new TlsClient().protocols(version).to(GATEWAY.port())) {
        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        assertThat(socket.getSession().getCipherSuite()).matches("TLS_(AES|CHACHA|ECDHE).*");
      }
    }
    assertThatThrownBy(() -> new TlsClient().protocols("TLSv1.1").to(GATEWAY.port()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void alpnSettlesTheVersionOfHttp() throws Exception {
    try (SSLSocket two = new TlsClient().alpn("h2", "http/1.1").to(GATEWAY.port());
        SSLSocket one = new TlsClient().alpn("http/1.1").to(GATEWAY.port());
        SSLSocket off =
            new TlsClient().alpn("h2", "http/1.1").to(GATEWAY.process().port("optional"))) {
      assertThat(two.getApplicationProtocol()).isEqualTo("h2");
      assertThat(one.getApplicationProtocol()).isEqualTo("http/1.1");
      assertThat(off.getApplicationProtocol()).isIn("", "http/1.1");
    }
  }

  @Test
  void theNameAskedForChoosesTheCertificate() throws Exception {
    assertThat(new TlsClient().serverName("other.test").subject(GATEWAY.port()))
        .startsWith("CN=other");
    assertThat(new TlsClient().serverName("nobody.test").subject(GATEWAY.port()))
        .startsWith("CN=web");
    assertThat(new TlsClient().subject(GATEWAY.port())).startsWith("CN=web");
  }

  @Test
  void certificatesAreReloadedWhileConnectionsGoOn() throws Exception {
    try (SSLSocket socket = new TlsClient().to(GATEWAY.port());
        RawHttp kept = RawHttp.over(socket)) {
      assertThat(kept.request("GET /a").response("GET").text()).isEqualTo("fine");
      Path folder = GATEWAY.repo().folder();
      Certificate.of("web-renewed.test").writeTo(folder, "web");
      Certificate.of("other-renewed.test").writeTo(folder, "other");

      awaitSubject(new TlsClient(), GATEWAY.port(), "CN=web-renewed.test");
      awaitSubject(
          new TlsClient().serverName("other.test"), GATEWAY.port(), "CN=other-renewed.test");
      awaitSubject(
          new TlsClient().certificate(CLIENT),
          GATEWAY.process().port("mtls"),
          "CN=web-renewed.test");
      assertThat(kept.request("GET /a").response("GET").text()).isEqualTo("fine");
    }
  }

  private static void awaitSubject(TlsClient client, int port, String subject) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(client.subject(port)).isEqualTo(subject));
  }

  @Test
  void aClientCertificateMayBeRequired() throws Exception {
    UPSTREAM.forget();
    int port = GATEWAY.process().port("mtls");
    assertThat(new TlsClient().certificate(CLIENT).get(port, "/a").text()).isEqualTo("fine");
    assertThat(UPSTREAM.take().header("client-cert")).isEqualTo(":" + CLIENT.base64() + ":");
    assertThatThrownBy(() -> new TlsClient().get(port, "/a")).isInstanceOf(IOException.class);
    Certificate stranger = Certificate.of("stranger.test");
    assertThatThrownBy(() -> new TlsClient().certificate(stranger).get(port, "/a"))
        .isInstanceOf(IOException.class);
    assertThat(GATEWAY.process().metrics())
        .containsPattern("headgate_connections_refused_total\\{reason=\"tls_handshake\"} [1-9]");
  }

  @Test
  void aClientCertificateMayBeOptional() throws Exception {
    int port = GATEWAY.process().port("optional");
    UPSTREAM.forget();
    assertThat(new TlsClient().get(port, "/a", "Client-Cert: :YQ==:").text()).isEqualTo("fine");
    assertThat(UPSTREAM.take().header("client-cert")).isNull();
    assertThat(new TlsClient().certificate(CLIENT).get(port, "/a").text()).isEqualTo("fine");
    assertThat(UPSTREAM.take().header("client-cert")).isNotNull();
  }

  @Test
  void aHandshakeIsNotWaitedForForever() throws Exception {
    try (RawHttp silent = RawHttp.to(GATEWAY.port())) {
      assertThat(silent.endsWithin(Duration.ofSeconds(9))).isTrue();
    }
    try (RawHttp plain = RawHttp.to(GATEWAY.port())) {
      assertThat(plain.request("GET /a").endsWithin(Duration.ofSeconds(4))).isTrue();
    }
    assertThat(GATEWAY.process().log()).doesNotContain("NotSslRecordException");
  }

  @Test
  void aPlainListenerRoutesLikeTheMainPort() throws Exception {
    UPSTREAM.forget();
    int port = GATEWAY.process().port("plain");
    assertThat(RawHttp.get(port, "/a").text()).isEqualTo("fine");
    Received request = UPSTREAM.take();
    assertThat(request.header("x-forwarded-proto")).isEqualTo("http");
    assertThat(request.header("x-forwarded-port")).isEqualTo(Integer.toString(port));
  }

  @Test
  void anIpv6ClientIsToldAsOne() throws Exception {
    UPSTREAM.forget();
    int port = GATEWAY.process().port("six");
    assertThat(GATEWAY.process().log()).contains("Listener six on http://[::1]:" + port);
    try (RawHttp http = RawHttp.to("::1", port)) {
      String id = http.request("GET /six").response("GET").need("x-request-id");
      assertThat(GATEWAY.process().awaitAccess(id).path("client").asString()).isEqualTo("::1");
    }
    Received request = UPSTREAM.take();
    assertThat(request.header("x-forwarded-for")).isEqualTo("::1");
    assertThat(request.header("x-real-ip")).isEqualTo("::1");
    assertThat(request.header("forwarded")).startsWith("for=\"[::1]\";");
  }

  @Test
  void aRedirectKeepsHostPathAndQueryAsTheyAre() throws Exception {
    int before = UPSTREAM.received().size();
    int port = GATEWAY.process().port("redirect");
    Response moved = RawHttp.get(port, "/a%2Fb;c//d?e=%20&f", "Host: Shop.example:8080");
    assertThat(moved.status()).isEqualTo(301);
    assertThat(moved.need("location")).isEqualTo("https://Shop.example:8443/a%2Fb;c//d?e=%20&f");
    Response six = RawHttp.get(port, "/", "Host: [::1]:80");
    assertThat(six.need("location")).isEqualTo("https://[::1]:8443/");
    Response post = RawHttp.callWithBody(port, "POST /a", "body");
    assertThat(post.status()).isEqualTo(308);
    assertThat(RawHttp.get(GATEWAY.process().port("usual"), "/a", "Host: a").need("location"))
        .isEqualTo("https://a/a");
    assertThat(UPSTREAM.received()).hasSize(before);
  }

  @Test
  void aRedirectIsNoExcuseForBadRequests() throws Exception {
    int port = GATEWAY.process().port("redirect");
    for (String bad :
        new String[] {
          "GET / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "GET / HTTP/1.0\r\n\r\n",
          "GET /../a HTTP/1.1\r\nHost: a\r\n\r\n"
        }) {
      try (RawHttp http = RawHttp.to(port)) {
        assertThat(http.send(bad).response("GET").status()).as(bad).isEqualTo(400);
      }
    }
  }

  @Test
  void aBalancerNamesTheClientAheadOfTls() throws Exception {
    UPSTREAM.forget();
    int port = GATEWAY.process().port("balanced");
    Response response =
        new TlsClient().sendingFirst("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n").get(port, "/a");
    assertThat(response.text()).isEqualTo("fine");
    assertThat(UPSTREAM.take().header("x-forwarded-for")).isEqualTo("192.0.2.7");
    assertThatThrownBy(() -> new TlsClient().get(port, "/a")).isInstanceOf(IOException.class);
  }
}

package dev.headgate.upstream;

import static dev.headgate.upstream.UpstreamFixture.await;
import static dev.headgate.upstream.UpstreamFixture.get;
import static dev.headgate.upstream.UpstreamFixture.onLoop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.Http2Wire;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to services: whom we trust, whom we ask for, who we are, and what comes of it. */
@Timeout(60)
class TlsUpstreamIT {
  private static final X509Bundle ROOT = authority("CN=root");
  private static final X509Bundle OTHER_ROOT = authority("CN=other root");

  private final Map<String, TlsMaterial> bundles = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<String> names = new LinkedBlockingQueue<>();

  @RegisterExtension final UpstreamFixture upstream = new UpstreamFixture(this::bundle);

  private TlsMaterial bundle(String name) {
    TlsMaterial material = bundles.get(name);
    if (material == null) {
      throw new IllegalArgumentException("no such bundle");
    }
    return material;
  }

  private static X509Bundle authority(String subject) {
    try {
      return new CertificateBuilder()
          .subject(subject)
          .setIsCertificateAuthority(true)
          .ecp256()
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static CertificateBuilder certificate() {
    return new CertificateBuilder().subject("CN=service").ecp256();
  }

  private static X509Bundle forLocalhost() throws Exception {
    return certificate()
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .buildIssuedBy(ROOT);
  }

  private static TlsMaterial trusting(X509Bundle root) {
    return new TlsMaterial(null, root.toTrustManagerFactory(), List.of(), List.of());
  }

  /** A TLS listener that is not bound yet. */
  private static SSLServerSocket listener(X509Bundle identity, String... alpn) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        identity.toKeyManagerFactory().getKeyManagers(),
        ROOT.toTrustManagerFactory().getTrustManagers(),
        null);
    SSLServerSocket listener =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
    if (alpn.length > 0) {
      SSLParameters parameters = listener.getSSLParameters();
      parameters.setApplicationProtocols(alpn);
      listener.setSSLParameters(parameters);
    }
    return listener;
  }

  private RawUpstream answering(SSLServerSocket listener) {
    return upstream.service(
        RawUpstream.listening(
            listener,
            wire -> {
              while (true) {
                wire.readRequest();
                names.add(asked(wire));
                wire.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
              }
            }));
  }

  private static String asked(Wire wire) {
    ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) wire.socket()).getSession();
    return session.getRequestedServerNames().stream()
        .map(name -> ((SNIHostName) name).getAsciiName())
        .findFirst()
        .orElse("none");
  }

  private int status(String endpoint, String keys) throws Exception {
    return status(upstream.upstream(endpoint, "connect-timeout: 5s, " + keys));
  }

  private int status(Upstream to) throws Exception {
    GatewayResponse response = upstream.call(to, get("/a")).get(20, TimeUnit.SECONDS);
    onLoop(response::discard);
    return response.status().code();
  }

  private void fails(String endpoint, String keys, FailureReason reason) {
    assertThatThrownBy(() -> status(endpoint, keys))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasFieldOrPropertyWithValue("reason", reason);
  }

  @Test
  void aNameIsAskedForAndVerified() throws Exception {
    bundles.put("own", trusting(ROOT));
    RawUpstream service = answering(listener(forLocalhost()));

    assertThat(status("https://localhost:" + service.port(), "tls: {bundle: own}")).isEqualTo(200);

    assertThat(names.take()).isEqualTo("localhost");
  }

  @Test
  void anAddressIsVerifiedAndNotAskedFor() throws Exception {
    bundles.put("own", trusting(ROOT));
    RawUpstream service = answering(listener(forLocalhost()));

    assertThat(status("https://127.0.0.1:" + service.port(), "tls: {bundle: own}")).isEqualTo(200);

    assertThat(names.take()).isEqualTo("none");
  }

  @Test
  void aCertificateForAnotherNameIsInvalid() throws Exception {
    bundles.put("own", trusting(ROOT));
    X509Bundle other = certificate().addSanDnsName("users.internal").buildIssuedBy(ROOT);
    RawUpstream service = answering(listener(other));
    String endpoint = "https://localhost:" + service.port();

    fails(endpoint, "tls: {bundle: own}", FailureReason.UPSTREAM_CERTIFICATE_INVALID);
    assertThat(status(endpoint, "tls: {bundle: own, server-name: users.internal}")).isEqualTo(200);
    assertThat(names.take()).isEqualTo("users.internal");
    assertThat(status(endpoint, "tls: {bundle: own, verify-hostname: false}")).isEqualTo(200);
  }

  @Test
  void anUnknownAuthorityIsInvalid() throws Exception {
    bundles.put("own", trusting(OTHER_ROOT));
    RawUpstream service = answering(listener(forLocalhost()));
    String endpoint = "https://localhost:" + service.port();

    fails(endpoint, "tls: {bundle: own}", FailureReason.UPSTREAM_CERTIFICATE_INVALID);
    fails(endpoint, "host: preserve", FailureReason.UPSTREAM_CERTIFICATE_INVALID);
  }

  @Test
  void anExpiredCertificateIsInvalid() throws Exception {
    bundles.put("own", trusting(ROOT));
    X509Bundle old =
        certificate()
            .addSanDnsName("localhost")
            .notBefore(Instant.now().minus(9, ChronoUnit.DAYS))
            .notAfter(Instant.now().minus(2, ChronoUnit.DAYS))
            .buildIssuedBy(ROOT);
    RawUpstream service = answering(listener(old));

    fails(
        "https://localhost:" + service.port(),
        "tls: {bundle: own}",
        FailureReason.UPSTREAM_CERTIFICATE_INVALID);
  }

  @Test
  void aServiceWithoutTlsIsAFailureOfIt() {
    RawUpstream service = upstream.service(wire -> wire.send("HTTP/1.1 400 No\r\n\r\n"));

    fails(
        "https://localhost:" + service.port(),
        "host: preserve",
        FailureReason.UPSTREAM_TLS_FAILURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientCertificateIsShownWhereItIsAskedFor(String version) throws Exception {
    X509Bundle client = new CertificateBuilder().subject("CN=gateway").ecp256().buildIssuedBy(ROOT);
    bundles.put("plain", trusting(ROOT));
    bundles.put(
        "mutual",
        new TlsMaterial(
            client.toKeyManagerFactory(), ROOT.toTrustManagerFactory(), List.of(), List.of()));
    SSLServerSocket listener = listener(forLocalhost());
    listener.setNeedClientAuth(true);
    listener.setEnabledProtocols(new String[] {version});
    RawUpstream service = answering(listener);
    String endpoint = "https://localhost:" + service.port();

    assertThat(status(endpoint, "tls: {bundle: mutual}")).isEqualTo(200);
    fails(endpoint, "tls: {bundle: plain}", FailureReason.UPSTREAM_TLS_FAILURE);
  }

  @Test
  void http2IsChosenInTheHandshake() throws Exception {
    bundles.put("own", trusting(ROOT));
    RawUpstream service =
        upstream.service(
            RawUpstream.listening(
                listener(forLocalhost(), "h2"),
                wire -> {
                  Http2Wire server = Http2Wire.accept(wire);
                  while (true) {
                    Http2Wire.Request request = server.readRequest();
                    names.add(request.field(":scheme"));
                    server.answer(request.stream(), "ok");
                  }
                }));
    Upstream to =
        upstream.upstream(
            "https://localhost:" + service.port(),
            "connect-timeout: 5s, protocol: h2, tls: {bundle: own}");

    assertThat(status(to)).isEqualTo(200);
    assertThat(status(to)).isEqualTo(200);

    assertThat(names.take()).isEqualTo("https");
    assertThat(service.accepted()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http/1.1"})
  void aServiceThatDoesNotChooseHttp2IsNotSpokenTo(String alpn) throws Exception {
    bundles.put("own", trusting(ROOT));
    String[] offered = alpn.isEmpty() ? new String[0] : new String[] {alpn};
    RawUpstream service = answering(listener(forLocalhost(), offered));

    fails(
        "https://localhost:" + service.port(),
        "protocol: h2, tls: {bundle: own}",
        FailureReason.UPSTREAM_TLS_FAILURE);
    assertThat(names).isEmpty();
  }

  @Test
  void aBundleThatHasChangedIsUsedByNewConnectionsAndOldOnesAreLetGo() throws Exception {
    bundles.put("own", trusting(ROOT));
    RawUpstream service = answering(listener(forLocalhost()));
    Upstream to =
        upstream.upstream(
            "https://localhost:" + service.port(), "connect-timeout: 5s, tls: {bundle: own}");
    assertThat(status(to)).isEqualTo(200);
    await().until(() -> upstream.pool().idle() == 1);

    bundles.put("own", trusting(OTHER_ROOT));
    upstream.registry().bundleChanged("own");

    await().until(() -> upstream.pool().open() == 0);
    assertThatThrownBy(() -> status(to))
        .cause()
        .hasFieldOrPropertyWithValue("reason", FailureReason.UPSTREAM_CERTIFICATE_INVALID);
    bundles.put("own", trusting(ROOT));
    upstream.registry().bundleChanged("own");
    assertThat(status(to)).isEqualTo(200);
  }

  @Test
  void aBundleThatCannotBeUsedIsAProblem() {
    assertThat(upstream.registry().problemWith("none")).isEqualTo("no such bundle");
  }
}

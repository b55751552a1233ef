package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way for a service to fail: its own reason, status and Proxy-Status, or a cut answer. */
class UpstreamFailureIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private void assertFailure(Answer answer, int status, String code, String proxyError) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(answer.field("proxy-status")).isEqualTo("headgate; error=" + proxyError);
    assertThat(answer.field("x-request-id")).isNotEmpty();
    assertThat(edge.record(0).flags()).containsExactly(code);
    assertThat(edge.record(0).status()).isEqualTo(status);
  }

  @Test
  void refused() throws Exception {
    edge.route(unusedPort(), "retry: {max-attempts: 1}", "");

    assertFailure(edge.get("/svc/a"), 502, "UPSTREAM_CONNECTION_REFUSED", "connection_refused");
    edge.awaitIdle();
    assertThat(edge.pool().open()).isZero();
  }

  static int unusedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @Test
  void unknownName() throws Exception {
    edge.route("http://service.invalid:80", "retry: {max-attempts: 1}", "");

    assertFailure(edge.get("/svc/a"), 502, "UPSTREAM_DNS_FAILURE", "dns_error");
  }

  @Test
  void nameThatIsNotLookedUpInTime() throws Exception {
    edge.route("http://service.hanging:80", "retry: {max-attempts: 1}", "connect-timeout: 100ms");

    assertFailure(edge.get("/svc/a"), 504, "UPSTREAM_CONNECT_TIMEOUT", "connection_timeout");
  }

  @Test
  void noTls() throws Exception {
    RawUpstream service = edge.service(wire -> wire.send("HTTP/1.1 400 Plain text here\r\n\r\n"));
    edge.route("https://127.0.0.1:" + service.port(), "retry: {max-attempts: 1}", "");

    assertFailure(edge.get("/svc/a"), 502, "UPSTREAM_TLS_FAILURE", "tls_protocol_error");
  }

  @Test
  void closedInsteadOfTls() throws Exception {
    RawUpstream service = edge.service(wire -> wire.read(1));
    edge.route("https://127.0.0.1:" + service.port(), "retry: {max-attempts: 1}", "");

    assertFailure(edge.get("/svc/a"), 502, "UPSTREAM_TLS_FAILURE", "tls_protocol_error");
  }

  @Test
  void tlsHandshakeThatHangs() throws Exception {
    RawUpstream service = edge.service(wire -> wire.awaitEnd());
    edge.route(
        "https://127.0.0.1:" + service.port(),
        "retry: {max-attempts: 1}",
        "connect-timeout: 200ms");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isIn(502, 504);
    await().until(() -> service.open() == 0);
  }

  static Stream<Arguments> beforeTheBody() {
    return Stream.of(
        failing("reset at once", "", Wire.End.RESET, "UPSTREAM_RESET"),
        failing("closed at once", "", Wire.End.CLOSED, "UPSTREAM_PREMATURE_END"),
        failing("reset in the status line", "HTTP/1.", Wire.End.RESET, "UPSTREAM_RESET"),
        failing("closed in status line", "HTTP/1.", Wire.End.CLOSED, "UPSTREAM_PREMATURE_END"),
        failing("reset in the head", "HTTP/1.1 200 OK\r\nx-a", Wire.End.RESET, "UPSTREAM_RESET"),
        failing(
            "closed in the head",
            "HTTP/1.1 200 OK\r\nx-a",
            Wire.End.CLOSED,
            "UPSTREAM_PREMATURE_END"),
        failing(
            "closed after an interim answer",
            "HTTP/1.1 100 Continue\r\n\r\n",
            Wire.End.CLOSED,
            "UPSTREAM_PREMATURE_END"));
  }

  private static Arguments failing(String name, String sent, Wire.End end, String code) {
    return Arguments.argumentSet(name, sent, end, code);
  }

  @ParameterizedTest
  @MethodSource("beforeTheBody")
  void endedBeforeTheBody(String sent, Wire.End end, String code) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(sent);
              // The bytes and the reset shall not arrive as one.
              wire.silentFor(30);
              if (end == Wire.End.RESET) {
                wire.reset();
              }
            }));

    Answer answer = edge.get("/svc/a");

    assertFailure(
        answer,
        502,
        code,
        code.endsWith("RESET") ? "connection_terminated" : "http_response_incomplete");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.argumentSet("garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        Arguments.argumentSet("101 unasked", "HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n"),
        Arguments.argumentSet("bad field", "HTTP/1.1 200 OK\r\nx@y: 1\r\n\r\n"),
        Arguments.argumentSet(
            "endless head", "HTTP/1.1 200 OK\r\nx-a: " + "a".repeat(80 * 1024) + "\r\n\r\n"),
        Arguments.argumentSet("bad length", "HTTP/1.1 200 OK\r\ncontent-length: five\r\n\r\nhello"),
        Arguments.argumentSet(
            "two lengths",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedHead(String sent) throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(sent);
              wire.awaitEnd();
            });
    edge.route(service);

    Answer answer = edge.get("/svc/a");

    assertFailure(answer, 502, "UPSTREAM_PROTOCOL_ERROR", "http_protocol_error");
    await().until(() -> service.open() == 0);
  }

  @Test
  void aBodyThatIsCutBeforeItsHeadWentOnIsAFailureStill() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n");
              wire.awaitEnd();
            }));

    assertFailure(edge.get("/svc/a"), 502, "UPSTREAM_PROTOCOL_ERROR", "http_protocol_error");
  }

  static Stream<Arguments> cutBodies() {
    String length = "content-length: 100\r\n\r\nbegun";
    String chunked = "transfer-encoding: chunked\r\n\r\n5\r\nbegun\r\n";
    return Stream.of(
        Arguments.argumentSet("length, closed", length, Wire.End.CLOSED),
        Arguments.argumentSet("length, reset", length, Wire.End.RESET),
        Arguments.argumentSet("chunked, closed", chunked, Wire.End.CLOSED),
        Arguments.argumentSet("chunked, reset", chunked, Wire.End.RESET),
        Arguments.argumentSet("in a chunk, closed", chunked + "9\r\nhal", Wire.End.CLOSED),
        Arguments.argumentSet("no length, reset", "\r\nbegun", Wire.End.RESET));
  }

  /** A service that begins its answer, waits for it to be seen, and ends the connection. */
  private RawUpstream cutting(String rest, Wire.End end, SeenByClient seen) {
    return edge.service(
        wire -> {
          wire.readHead();
          wire.send("HTTP/1.1 200 OK\r\n" + rest);
          seen.await();
          if (end == Wire.End.RESET) {
            wire.reset();
          }
        });
  }

  private static final class SeenByClient extends java.util.concurrent.CountDownLatch {
    SeenByClient() {
      super(1);
    }
  }

  @ParameterizedTest
  @MethodSource("cutBodies")
  void aCutBodyNeverLooksWhole(String rest, Wire.End end) throws Exception {
    SeenByClient seen = new SeenByClient();
    edge.route(cutting(rest, end, seen));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    boolean chunked = client.readHead().field("content-length") == null;
    assertThat(client.read(chunked ? 10 : 5)).contains("begun");

    seen.countDown();

    if (chunked) {
      assertThatThrownBy(
              () -> {
                while (!client.readChunk().isEmpty()) {
                  // On to the end, which must not be there.
                }
              })
          .isInstanceOf(IOException.class);
    } else {
      client.awaitEnd();
    }
    assertThat(edge.record(0).flags())
        .containsExactly(end == Wire.End.RESET ? "UPSTREAM_RESET" : "UPSTREAM_PREMATURE_END");
    assertThat(edge.record(0).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("cutBodies")
  void aCutBodyEndsInAResetForHttp10(String rest, Wire.End end) throws Exception {
    SeenByClient seen = new SeenByClient();
    edge.route(cutting(rest, end, seen));
    Wire client = edge.client().send("GET /svc/a HTTP/1.0\r\n\r\n");
    boolean byClose = client.readHead().field("content-length") == null;
    assertThat(client.read(5)).isEqualTo("begun");

    seen.countDown();

    Wire.End ended = client.awaitEnd();
    if (byClose) {
      assertThat(ended).isEqualTo(Wire.End.RESET);
    }
  }

  @Test
  void aBadChunkCutsTheAnswer() throws Exception {
    SeenByClient seen = new SeenByClient();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbegun\r\n");
              seen.await();
              wire.send("zzz\r\n");
              wire.awaitEnd();
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();
    assertThat(client.readChunk()).isEqualTo("begun");

    seen.countDown();

    assertThatThrownBy(client::readChunk).isInstanceOf(IOException.class);
    assertThat(edge.record(0).flags()).containsExactly("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void theClientsConnectionOutlivesAFailure() throws Exception {
    edge.route(edge.service(wire -> wire.readHead()));
    Wire client = edge.client();

    for (int i = 0; i < 3; i++) {
      assertThat(client.send(request("GET", "/svc/a")).readAnswer().status()).isEqualTo(502);
    }
    assertThat(client.send(request("GET", "/local")).readAnswer().body()).isEqualTo("local");
  }

  @Test
  void aFailureInTheMiddleOfAnUploadIsTold() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.read(5);
              wire.reset();
            }));
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 10\r\n\r\nstart");

    assertFailure(client.readAnswer(), 502, "UPSTREAM_RESET", "connection_terminated");
    client.send(" rest" + request("GET", "/local"));
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void problemDetailsWhereTheClientPrefersThem() throws Exception {
    edge.route(unusedPort(), "retry: {max-attempts: 1}", "");

    Answer answer =
        edge.client()
            .send("GET /svc/a HTTP/1.1\r\nhost: g\r\naccept: application/problem+json\r\n\r\n")
            .readAnswer();

    assertThat(answer.field("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).contains("\"status\":502");
  }

  @Test
  void anAbsurdAcceptIsAnsweredToo() throws Exception {
    edge.route(edge.answering(ok("never")));
    String accept = "application/problem+json" + ", text/plain".repeat(60);

    Answer answer =
        edge.client()
            .send("POST /get-only HTTP/1.1\r\nhost: g\r\naccept: " + accept + "\r\n\r\n")
            .readAnswer();

    assertThat(answer.status()).isEqualTo(405);
  }
}

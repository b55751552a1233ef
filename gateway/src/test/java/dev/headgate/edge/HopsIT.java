package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.head;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway as one hop among others (RFC 9110 section 7.6), and what it answers itself. */
class HopsIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream served() {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);
    return service;
  }

  // ---- Max-Forwards

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "OPTIONS"})
  void theLastHopAnswersItself(String method) throws Exception {
    RawUpstream service = served();

    Answer answer =
        edge.client()
            .send(head(method + " /svc/a HTTP/1.1", "host: g", "max-forwards: 0", "x-a: 1"))
            .readAnswer();

    assertThat(answer.status()).isEqualTo(200);
    if (method.equals("TRACE")) {
      assertThat(answer.field("content-type")).isEqualTo("message/http");
      assertThat(answer.body()).startsWith("TRACE /svc/a HTTP/1.1\r\n").contains("x-a: 1\r\n");
    } else {
      assertThat(answer.field("allow")).contains("GET");
    }
    assertThat(answer.field("x-request-id")).isNotNull();
    assertThat(service.accepted()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "OPTIONS"})
  void oneHopLessIsTold(String method) throws Exception {
    RawUpstream service = served();

    Answer answer =
        edge.client()
            .send(head(method + " /svc/a HTTP/1.1", "host: g", "max-forwards: 1"))
            .readAnswer();

    assertThat(answer.body()).isEqualTo("hello");
    assertThat(service.requests().get(0).field("max-forwards")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "one", "1.5"})
  void aNumberThatIsNoneIsRefused(String given) throws Exception {
    RawUpstream service = served();

    Answer answer =
        edge.client()
            .send(head("TRACE /svc/a HTTP/1.1", "host: g", "max-forwards: " + given))
            .readAnswer();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(service.accepted()).isZero();
  }

  @Test
  void otherMethodsPassTheFieldOn() throws Exception {
    RawUpstream service = served();

    edge.client().send(head("GET /svc/a HTTP/1.1", "host: g", "max-forwards: 0")).readAnswer();

    assertThat(service.requests().get(0).field("max-forwards")).isEqualTo("0");
  }

  @Test
  void theSameOverHttp2() throws Exception {
    RawUpstream service = served();
    Http2Client client = edge.http2();

    int stream = client.open(true, "TRACE", "/svc/a", "max-forwards: 0", "cookie: secret");

    assertThat(client.answer(stream).body()).startsWith("TRACE /svc/a").doesNotContain("secret");
    assertThat(service.accepted()).isZero();
  }

  @Test
  void optionsForTheWholeServerIsAnsweredHere() throws Exception {
    RawUpstream service = served();

    Answer answer = edge.client().send(head("OPTIONS * HTTP/1.1", "host: g")).readAnswer();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("allow")).contains("OPTIONS");
    assertThat(service.accepted()).isZero();
  }

  // ---- loops

  @Test
  void aRequestThatComesBackIsRefused() throws Exception {
    edge.route(edge.port(), "retry: {max-attempts: 1}", "");

    Answer answer = edge.client().send(request("GET", "/svc/a")).readAnswer();

    assertThat(answer.status()).isEqualTo(508);
    assertThat(answer.body()).contains("LOOP_DETECTED");
    edge.awaitIdle();
    assertThat(edge.records()).hasSize(2);
    // The gateway is its own client here, until it forgets itself.
    served();
  }

  @Test
  void aLoopOverHttp2IsTheSame() throws Exception {
    edge.route(edge.port(), "retry: {max-attempts: 1}", "");
    Http2Client client = edge.http2();

    assertThat(client.answer(client.get("/svc/a")).status()).isEqualTo(508);
    served();
  }

  @Test
  void eachHopIsToldOnce() throws Exception {
    RawUpstream service = served();

    edge.client()
        .send(head("GET /svc/a HTTP/1.1", "host: g", "via: 1.0 first", "via: 1.1 headgate-other"))
        .readAnswer();
    edge.client().send("GET /svc/b HTTP/1.0\r\nhost: g\r\n\r\n").readAnswer();

    assertThat(service.requests().get(0).field("via"))
        .isEqualTo("1.0 first,1.1 headgate-other,1.1 headgate-test");
    assertThat(service.requests().get(1).field("via")).isEqualTo("1.0 headgate-test");
  }

  // ---- Date

  @Test
  void aDateIsAddedWhereTheServiceSentNone() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(ok("without"));
              wire.readHead();
              wire.send(
                  "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-length: 0\r\n\r\n");
              wire.awaitEnd();
            }));
    Wire client = edge.client();

    assertThat(client.send(request("GET", "/svc/a")).readAnswer().field("date")).hasSize(29);
    assertThat(client.send(request("GET", "/svc/b")).readAnswer().field("date"))
        .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(client.send(request("GET", "/local")).readAnswer().field("date")).hasSize(29);
    assertThat(client.send(request("DELETE", "/get-only")).readAnswer().field("date")).hasSize(29);
  }

  // ---- framing of answers that have no content

  @ParameterizedTest
  @CsvSource({"content-length: 0", "content-length: 5", "transfer-encoding: chunked"})
  void resetContentHasNone(String framing) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              while (true) {
                wire.readHead();
                wire.send("HTTP/1.1 205 Reset Content\r\n" + framing + "\r\n\r\n");
                wire.send(
                    framing.endsWith("5") ? "hello" : framing.endsWith("d") ? "0\r\n\r\n" : "");
              }
            }));
    Wire client = edge.client().send(request("GET", "/svc/a") + request("GET", "/local"));

    Head head = client.readHead();

    assertThat(head.status()).isEqualTo(205);
    assertThat(head.field("content-length")).isEqualTo("0");
    assertThat(head.field("transfer-encoding")).isNull();
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  // ---- HTTP/1.0

  @Test
  void http10HearsNothingBeforeItsAnswer() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
              wire.send("HTTP/1.1 100 Continue\r\n\r\n");
              wire.send(ok("hello"));
              wire.awaitEnd();
            }));
    Wire client = edge.client().send("GET /svc/a HTTP/1.0\r\nhost: g\r\n\r\n");

    Head head = client.readHead();

    assertThat(head.startLine()).isEqualTo("HTTP/1.0 200 OK");
    assertThat(client.readToEnd()).isEqualTo("hello");
  }

  @ParameterizedTest
  @CsvSource({"/local, 200", "/get-only, 405", "/svc/../a, 400"})
  void http10GetsAnswersOfItsVersion(String path, int status) throws Exception {
    served();
    String method = path.equals("/get-only") ? "POST" : "GET";

    Head head = edge.client().send(method + " " + path + " HTTP/1.0\r\nhost: g\r\n\r\n").readHead();

    assertThat(head.startLine()).startsWith("HTTP/1.0 " + status);
  }

  // ---- methods

  @ParameterizedTest
  @ValueSource(strings = {"gateway:443", "/svc/a", "/local", "http://gateway/svc/a", "*"})
  void connectIsRefused(String target) throws Exception {
    RawUpstream service = served();

    Answer answer =
        edge.client().send(head("CONNECT " + target + " HTTP/1.1", "host: gateway")).readAnswer();

    assertThat(answer.status()).isIn(400, 501);
    assertThat(service.accepted()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PURGE", "M-SEARCH", "get", "X!#$%&'*+.^_`|~-9"})
  void methodsNobodyKnowsPass(String method) throws Exception {
    RawUpstream service = served();

    assertThat(edge.client().send(request(method, "/svc/a")).readAnswer().status()).isEqualTo(200);

    assertThat(service.requests().get(0).head().startLine()).isEqualTo(method + " /svc/a HTTP/1.1");
  }

  // ---- tunnels

  @Test
  void aTunnelThatTheServiceEndsIsOverOnBothSides() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              // The key of RFC 6455 section 1.3.
              wire.send(
                  """
                  HTTP/1.1 101 Switching Protocols\r
                  upgrade: websocket\r
                  connection: upgrade\r
                  sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                  \r
                  """);
              assertThat(wire.read(5)).isEqualTo("hello");
              wire.send("bye");
            }));
    Wire client =
        edge.client()
            .send(
                head(
                    "GET /svc/ws HTTP/1.1",
                    "host: g",
                    "connection: upgrade",
                    "upgrade: websocket",
                    "sec-websocket-version: 13",
                    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="));

    assertThat(client.readHead().status()).isEqualTo(101);
    client.send("hello");

    assertThat(client.readToEnd()).isEqualTo("bye");
    edge.awaitIdle();
    assertThat(edge.pool().open()).isZero();
  }
}

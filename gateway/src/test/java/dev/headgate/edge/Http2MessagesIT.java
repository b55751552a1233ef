package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Reply;
import dev.headgate.testing.RawUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and responses over HTTP/2, to services that speak HTTP/1.1. */
class Http2MessagesIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private Head asked(RawUpstream service) {
    return service.requests().get(0).head();
  }

  @Test
  void answersWithWhatTheServiceSaid() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.get("/svc/a%2Fb;c?d=e", "x-a: 1", "x-a: 2"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("hello");
    assertThat(reply.field("content-length")).isEqualTo("5");
    assertThat(reply.field("date")).endsWith("GMT");
    assertThat(reply.names()).noneMatch(name -> name.matches(".*[A-Z].*"));
    Head asked = asked(service);
    assertThat(asked.startLine()).isEqualTo("GET /svc/a%2Fb;c?d=e HTTP/1.1");
    assertThat(asked.field("x-a")).isEqualTo("1,2");
    assertThat(asked.field("via")).isEqualTo("2 headgate-test");
    assertThat(asked.field("x-forwarded-host")).isEqualTo("gateway");
    assertThat(asked.field("x-request-id")).isEqualTo(reply.field("x-request-id"));
    assertThat(asked.fields()).noneMatch(line -> line.startsWith(":"));
  }

  @Test
  void whatBelongsToTheServicesConnectionStaysThere() throws Exception {
    edge.route(
        edge.answering(
            """
            HTTP/1.1 200 OK\r
            Transfer-Encoding: chunked\r
            Connection: keep-alive, x-hop\r
            Keep-Alive: timeout=5\r
            Proxy-Connection: keep-alive\r
            Upgrade: h2c\r
            X-Hop: 1\r
            X-Stays: 1\r
            \r
            5\r
            hello\r
            0\r
            \r
            """));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.get("/svc/a"));

    assertThat(reply.body()).isEqualTo("hello");
    assertThat(reply.names())
        .contains("x-stays")
        .doesNotContain(
            "connection",
            "transfer-encoding",
            "keep-alive",
            "proxy-connection",
            "upgrade",
            "x-hop");
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD, 200 OK, 5, 5",
    "GET, 204 No Content, , ",
    "GET, 205 Reset Content, 0, ",
    "GET, 304 Not Modified, 99, 99",
    "HEAD, 304 Not Modified, 99, 99",
    "HEAD, 404 Not Found, 7, 7"
  })
  void answersWithoutContentEndWithTheirHead(
      String method, String status, String length, String told) throws Exception {
    String field = length == null ? "" : "content-length: " + length + "\r\n";
    edge.route(edge.answering("HTTP/1.1 " + status + "\r\n" + field + "\r\n"));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.open(true, method, "/svc/a"));

    assertThat(reply.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
    assertThat(reply.whole()).isTrue();
    assertThat(reply.received()).isZero();
    assertThat(reply.field("content-length")).isEqualTo(told);
    assertThat(client.answer(client.get("/local")).body()).isEqualTo("local");
    await().until(() -> edge.pool().idle() == 1);
  }

  @Test
  void headOfAnAnswerOfOurOwnTellsTheLengthOfGet() throws Exception {
    edge.route(edge.answering(ok("never")));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.open(true, "HEAD", "/local"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("content-length")).isEqualTo("5");
    assertThat(reply.received()).isZero();
  }

  @Test
  void aBodyOfKnownLengthKeepsItAndOneOfUnknownLengthIsChunked() throws Exception {
    RawUpstream service = edge.answering(ok("thanks"));
    edge.route(service);
    Http2Client client = edge.http2();

    int known = client.open(false, "POST", "/svc/known", "content-length: 5");
    client.data(known, false, "he").data(known, true, "llo");
    assertThat(client.answer(known).body()).isEqualTo("thanks");
    int unknown = client.open(false, "POST", "/svc/unknown");
    client.data(unknown, false, "hel").data(unknown, false, "").data(unknown, true, "lo");
    assertThat(client.answer(unknown).body()).isEqualTo("thanks");

    Answer first = service.requests().get(0);
    assertThat(first.body()).isEqualTo("hello");
    assertThat(first.field("content-length")).isEqualTo("5");
    Answer second = service.requests().get(1);
    assertThat(second.body()).isEqualTo("hello");
    assertThat(second.field("transfer-encoding")).isEqualTo("chunked");
    assertThat(edge.record(1).bytesIn()).isEqualTo(5);
  }

  @Test
  void aBodyThatTurnsOutToBeEmptyIsNone() throws Exception {
    RawUpstream service = edge.answering(ok("thanks"));
    edge.route(service);
    Http2Client client = edge.http2();

    int stream = client.open(false, "POST", "/svc/a", "content-length: 0");
    client.data(stream, true, "");

    assertThat(client.answer(stream).status()).isEqualTo(200);
    assertThat(service.requests().get(0).field("content-length")).isEqualTo("0");
  }

  @Test
  void trailersPassBothWays() throws Exception {
    LinkedBlockingQueue<Answer> seen = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              seen.add(wire.readRequest());
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              wire.sendChunk("hello").send("0\r\nx-sum: 5\r\nconnection: x-no\r\n\r\n");
              wire.awaitEnd();
            }));
    Http2Client client = edge.http2();

    int stream = client.open(false, "POST", "/svc/a", "te: trailers");
    client.data(stream, false, "body").headers(stream, true, "x-check: abc");

    Http2Reply reply = client.answer(stream);
    assertThat(reply.body()).isEqualTo("hello");
    assertThat(reply.trailer("x-sum")).isEqualTo("5");
    assertThat(reply.trailer("connection")).isNull();
    assertThat(reply.whole()).isTrue();
    Answer asked = seen.poll(10, TimeUnit.SECONDS);
    assertThat(asked.body()).isEqualTo("body");
    assertThat(asked.trailers()).containsExactly("x-check: abc");
  }

  @Test
  void interimResponsesPass() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n");
              wire.send("HTTP/1.1 103 Early Hints\r\nlink: </b.css>\r\n\r\n");
              wire.send(ok("hello"));
              wire.awaitEnd();
            }));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.get("/svc/a"));

    assertThat(reply.interim()).containsExactly(103, 103);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("hello");
  }

  @Test
  void expectIsTheServicesToAnswer() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              Head head = wire.readHead();
              assertThat(head.field("expect")).isEqualTo("100-continue");
              wire.send("HTTP/1.1 100 Continue\r\n\r\n");
              assertThat(wire.readBodyOf(head).body()).isEqualTo("hello");
              wire.send(ok("thanks"));
              wire.awaitEnd();
            }));
    Http2Client client = edge.http2();

    int stream = client.open(false, "POST", "/svc/a", "expect: 100-continue", "content-length: 5");
    Http2Reply reply = client.reply(stream);
    client.readUntil(() -> !reply.interim().isEmpty());
    client.data(stream, true, "hello");

    assertThat(client.answer(stream).body()).isEqualTo("thanks");
    assertThat(reply.interim()).containsExactly(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"417 Expectation Failed", "413 Content Too Large"})
  void aRefusalComesBeforeTheBody(String status) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 " + status + "\r\ncontent-length: 2\r\n\r\nno");
              wire.awaitEnd();
            }));
    Http2Client client = edge.http2();

    int stream = client.open(false, "POST", "/svc/a", "expect: 100-continue", "content-length: 5");

    Http2Reply reply = client.answer(stream);
    assertThat(reply.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
    assertThat(reply.whole()).isTrue();
    client.data(stream, true, "hello");
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
    assertThat(client.hasGoneAway()).isFalse();
  }

  @Test
  void cookieCrumbsAreOneFieldForTheService() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);
    Http2Client client = edge.http2();

    client.answer(client.get("/svc/a", "cookie: a=1", "cookie: b=2", "x-b: 1", "cookie: c=3; d=4"));

    assertThat(asked(service).field("cookie")).isEqualTo("a=1; b=2; c=3; d=4");
  }

  @Test
  void hostAloneNamesTheAuthorityToo() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);
    Http2Client client = edge.http2();
    int stream = client.nextStream();

    client.headers(stream, true, ":method: GET", ":scheme: http", ":path: /svc/a", "host: other");

    assertThat(client.answer(stream).status()).isEqualTo(200);
    assertThat(asked(service).field("x-forwarded-host")).isEqualTo("other");
  }

  @Test
  void theServiceFailingBeforeItsHeadIsAnError() throws Exception {
    edge.route(edge.service(wire -> wire.readHead()));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.get("/svc/a"));

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.field("proxy-status")).contains("http_response_incomplete");
    assertThat(reply.whole()).isTrue();
  }

  @Test
  void eachPieceOfABodyIsSentAsItComes() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
              wire.send("data: 1\n\n");
              goOn.await();
              wire.send("data: 2\n\n");
            }));
    Http2Client client = edge.http2();

    int stream = client.get("/svc/a");
    Http2Reply reply = client.head(stream);
    client.readUntil(() -> reply.body().equals("data: 1\n\n"));
    goOn.countDown();

    assertThat(client.answer(stream).body()).isEqualTo("data: 1\n\ndata: 2\n\n");
  }

  // The rest of an upload that nobody wants is reset, but never ahead of the answer.
  @Test
  void anAnswerBeforeTheEndOfAnUploadArrivesWhole() throws Exception {
    edge.route(edge.answering(ok("never")));
    Http2Client client = edge.http2();

    int stream = client.open(false, "POST", "/local", "content-length: 1000000");
    client.data(stream, false, new byte[16_000]);

    Http2Reply reply = client.answer(stream);
    assertThat(reply.whole()).isTrue();
    assertThat(reply.body()).isEqualTo("local");
    client.readUntil(() -> reply.reset() != null);
    assertThat(reply.reset()).isEqualTo(Http2Error.NO_ERROR);
  }

  @Test
  void aSlowReaderOfSuchAnAnswerGetsItWholeToo() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(ok("x".repeat(200_000)));
              wire.awaitEnd();
            }));
    Http2Client client = edge.http2().holdsWindow();
    int stream = client.open(false, "POST", "/svc/a", "content-length: 1000000");
    Http2Reply reply = client.reply(stream);
    client.readUntil(() -> reply.received() == 65_535);
    assertThat(client.silentFor(1_200)).isTrue();

    client.windowUpdate(0, 1_000_000).windowUpdate(stream, 1_000_000);

    assertThat(client.answer(stream).received()).isEqualTo(200_000);
    client.readUntil(() -> reply.reset() != null);
    assertThat(reply.whole()).isTrue();
  }
}

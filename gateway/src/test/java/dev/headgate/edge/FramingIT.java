package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.head;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where messages begin and end, on either side and through the gateway. */
class FramingIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  @Test
  void answersWithWhatTheServiceSaid() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);

    Answer answer = edge.get("/svc/a?b=c");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello");
    assertThat(answer.field("x-request-id")).hasSize(36);
    Head asked = service.requests().get(0).head();
    assertThat(asked.startLine()).isEqualTo("GET /svc/a?b=c HTTP/1.1");
    assertThat(asked.field("host")).isEqualTo("127.0.0.1:" + service.port());
    assertThat(asked.field("x-request-id")).isEqualTo(answer.field("x-request-id"));
  }

  @Test
  void headHasTheLengthAndNoBody() throws Exception {
    edge.route(edge.answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"));

    Wire client = edge.client().send(request("HEAD", "/svc/a") + request("GET", "/local"));

    Head head = client.readHead();
    assertThat(head.field("content-length")).isEqualTo("5");
    assertThat(client.readAnswer().body()).isEqualTo("local");
    await().until(() -> edge.pool().idle() == 1);
  }

  @Test
  void headOfAChunkedAnswerHasNoBody() throws Exception {
    edge.route(edge.answering("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"));

    Wire client = edge.client().send(request("HEAD", "/svc/a") + request("GET", "/local"));

    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void headOfAFailureHasNoBody() throws Exception {
    edge.route(edge.service(wire -> wire.readHead()));

    Wire client = edge.client().send(request("HEAD", "/svc/a") + request("GET", "/local"));

    assertThat(client.readHead().status()).isEqualTo(502);
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void noContentHasNeitherBodyNorLength() throws Exception {
    edge.route(edge.answering("HTTP/1.1 204 No Content\r\nx-a: 1\r\n\r\n"));

    Wire client = edge.client().send(request("DELETE", "/svc/a") + request("GET", "/local"));

    Head head = client.readHead();
    assertThat(head.status()).isEqualTo(204);
    assertThat(head.field("content-length")).isNull();
    assertThat(head.field("transfer-encoding")).isNull();
    assertThat(client.readAnswer().body()).isEqualTo("local");
    await().until(() -> edge.pool().idle() == 1);
  }

  @Test
  void notModifiedKeepsTheLengthItSpeaksOf() throws Exception {
    edge.route(
        edge.answering("HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\ncontent-length: 99\r\n\r\n"));

    Wire client = edge.client().send(request("GET", "/svc/a") + request("GET", "/local"));

    Head head = client.readHead();
    assertThat(head.status()).isEqualTo(304);
    assertThat(head.field("content-length")).isEqualTo("99");
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void anEmptyBodyHasLengthZero() throws Exception {
    edge.route(edge.answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));

    assertThat(edge.get("/svc/a").field("content-length")).isEqualTo("0");
  }

  @Test
  void aBodyEndedByTheServicesCloseIsChunkedForTheClient() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\n\r\nfirst,").send("second");
            });
    edge.route(service);

    Wire client = edge.client().send(request("GET", "/svc/a") + request("GET", "/local"));

    Answer answer = client.readAnswer();
    assertThat(answer.body()).isEqualTo("first,second");
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void aBodyOfUnknownLengthEndsByCloseForHttp10() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-a: 1\r\n\r\n");
              wire.sendChunk("one").sendChunk("two").send("0\r\nx-sum: 2\r\n\r\n");
              wire.awaitEnd();
            }));

    Wire client =
        edge.client().send("GET /svc/a HTTP/1.0\r\nhost: g\r\nconnection: keep-alive\r\n\r\n");

    Head head = client.readHead();
    assertThat(head.field("transfer-encoding")).isNull();
    assertThat(head.field("content-length")).isNull();
    assertThat(head.field("connection")).isNotEqualTo("keep-alive");
    assertThat(client.readToEnd()).isEqualTo("onetwo");
  }

  @Test
  void http10KeepsTheConnectionOnlyWhereItAsksFor() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Wire keeps = edge.client();

    for (int i = 0; i < 2; i++) {
      keeps.send("GET /svc/a HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
      Answer answer = keeps.readAnswer();
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.field("connection")).isEqualTo("keep-alive");
    }
    Wire closes = edge.client().send("GET /svc/a HTTP/1.0\r\n\r\n");
    assertThat(closes.readAnswer().body()).isEqualTo("hello");
    assertThat(closes.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void answersInTheGatewaysOwnVersion() throws Exception {
    edge.route(edge.answering(ok("hello")));

    Answer answer = edge.client().send("GET /svc/a HTTP/1.7\r\nhost: g\r\n\r\n").readAnswer();

    assertThat(answer.head().startLine()).isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  void trailersPassBothWays() throws Exception {
    LinkedBlockingQueue<Answer> asked = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              asked.add(wire.readRequest());
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n");
              wire.sendChunk("answer").send("0\r\nx-sum: 6\r\n\r\n");
              wire.awaitEnd();
            }));

    Answer answer =
        edge.client()
            .send("POST /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n")
            .sendChunk("one")
            .sendChunk("two")
            .send("0\r\nx-count: 2\r\n\r\n")
            .readAnswer();

    assertThat(answer.body()).isEqualTo("answer");
    assertThat(answer.trailers()).containsExactly("x-sum: 6");
    assertThat(asked.take())
        .satisfies(
            request -> {
              assertThat(request.body()).isEqualTo("onetwo");
              assertThat(request.trailers()).containsExactly("x-count: 2");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void interimAnswersPassAheadOfTheFinalOne(String method) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
              wire.send("HTTP/1.1 103 Early Hints\r\nlink: </b>\r\n\r\n");
              wire.send(method.equals("HEAD") ? ok("").replace(": 0", ": 5") : ok("hello"));
              wire.awaitEnd();
            }));

    Wire client = edge.client().send(request(method, "/svc/a") + request("GET", "/local"));

    assertThat(client.readHead().field("link")).isEqualTo("</a>");
    assertThat(client.readHead().field("link")).isEqualTo("</b>");
    Head last = client.readHead();
    assertThat(last.status()).isEqualTo(200);
    assertThat(last.field("content-length")).isEqualTo("5");
    if (method.equals("GET")) {
      assertThat(client.read(5)).isEqualTo("hello");
    }
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void interimAnswersInOnePacketWithTheFinalOnePass() throws Exception {
    edge.route(edge.answering("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + ok("hello")));

    Wire client = edge.client().send(request("GET", "/svc/a"));

    assertThat(client.readHead().status()).isEqualTo(103);
    assertThat(client.readAnswer().body()).isEqualTo("hello");
  }

  @Test
  void http10GetsNoInterimAnswers() throws Exception {
    edge.route(edge.answering("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + ok("hello")));

    Wire client = edge.client().send("GET /svc/a HTTP/1.0\r\n\r\n");

    assertThat(client.readHead().status()).isEqualTo(200);
  }

  @Test
  void continueGoesEndToEnd() throws Exception {
    LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              Head head = wire.readHead();
              assertThat(head.field("expect")).isEqualTo("100-continue");
              assertThat(wire.silentFor(100)).isTrue();
              wire.send("HTTP/1.1 100 Continue\r\n\r\n");
              asked.add(wire.readBodyOf(head).body());
              wire.send(ok("done"));
              wire.awaitEnd();
            }));
    Wire client =
        edge.client()
            .send(
                head(
                    "POST /svc/a HTTP/1.1",
                    "host: g",
                    "expect: 100-continue",
                    "content-length: 4"));

    assertThat(client.readHead().status()).isEqualTo(100);
    client.send("body");

    assertThat(client.readAnswer().body()).isEqualTo("done");
    assertThat(asked.take()).isEqualTo("body");
  }

  @Test
  void anExpectationThatIsRefusedEndsTheConnection() throws Exception {
    edge.route(edge.answering(ok("never")));
    Wire client =
        edge.client()
            .send(
                head(
                    "POST /get-only HTTP/1.1",
                    "host: g",
                    "expect: 100-continue",
                    "content-length: 4"));

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void fieldsOfTheHopStayBehindBothWays() throws Exception {
    RawUpstream service =
        edge.answering(
            head(
                "HTTP/1.1 200 OK",
                "connection: x-hop, keep-alive",
                "keep-alive: timeout=5",
                "x-hop: 1",
                "x-end: 1",
                "content-length: 0"));
    edge.route(service);

    Answer answer =
        edge.client()
            .send(
                head(
                    "GET /svc/a HTTP/1.1",
                    "host: g",
                    "connection: x-mine",
                    "x-mine: 1",
                    "te: gzip",
                    "upgrade: h2c",
                    "x-end: 1"))
            .readAnswer();

    Head asked = service.requests().get(0).head();
    assertThat(asked.fields()).noneMatch(line -> line.matches("(?i)(x-mine|te|upgrade|conn).*"));
    assertThat(asked.field("x-end")).isEqualTo("1");
    assertThat(answer.head().fields()).noneMatch(l -> l.matches("(?i)(x-hop|keep-alive|conn).*"));
    assertThat(answer.field("x-end")).isEqualTo("1");
  }

  @Test
  void aClientCannotNameAwayWhatTheGatewaySets() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service, "retry: {max-attempts: 1}, request-headers: {set: {x-tenant: gold}}", "");

    Answer answer =
        edge.client()
            .send(
                head(
                    "GET /svc/a HTTP/1.1",
                    "host: g",
                    "connection: x-request-id, x-tenant, content-length"))
            .readAnswer();

    Head asked = service.requests().get(0).head();
    assertThat(asked.field("x-request-id")).isEqualTo(answer.field("x-request-id"));
    assertThat(asked.field("x-tenant")).isEqualTo("gold");
  }

  /** What the client takes of trailers is said anew to the next hop (RFC 9110 section 10.1.4). */
  @Test
  void aClientsWishForTrailersIsToldToTheService() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);

    edge.client()
        .send(head("GET /svc/a HTTP/1.1", "host: g", "connection: TE", "te: gzip, trailers"))
        .readAnswer();

    Head asked = service.requests().get(0).head();
    assertThat(asked.field("te")).isEqualTo("trailers");
    assertThat(asked.field("connection")).isEqualToIgnoringCase("te");
  }
}

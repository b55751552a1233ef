package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.head;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The strict reading of requests on a real connection. */
@SuppressWarnings("StringConcatToTextBlock") // Lines of HTTP end in CRLF.
class StrictHttp1IT {
  private static final String CHUNKED =
      "POST /svc/a HTTP/1.1\r\nhost: g\r\n" + "transfer-encoding: chunked\r\n\r\n";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream echo() {
    return edge.service(
        wire -> {
          while (true) {
            Answer request = wire.readRequest();
            wire.send(ok(request.head().target() + ":" + request.body()));
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "400,'GET /svc/bad HTTP/1.1|host: g|x: 1| folded||'",
    "400,'GET  /svc/bad HTTP/1.1|host: g||'",
    "400,'GET /svc/bad http/1.1|host: g||'",
    "505,'GET /svc/bad HTTP/2.0|host: g||'",
    "501,'POST /svc/bad HTTP/1.1|host: g|transfer-encoding: gzip, chunked||0||'",
    "400,'POST /svc/bad HTTP/1.1|host: g|content-length: 5|transfer-encoding: chunked||0||'",
    "400,'POST /spring/echo HTTP/1.1|host: g|content-length: 5|transfer-encoding: chunked||0||'",
  })
  void aBadHeadIsAnsweredAndTheConnectionClosed(int status, String head) throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Wire client = edge.client().send(head.replace("|", "\r\n") + request("GET", "/svc/smuggled"));

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(service.requests()).isEmpty();
  }

  @Test
  void aBadHeadThatComesOctetByOctetIsRefused() throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Wire client = edge.client();
    for (char octet : "GET /svc/bad HTTP/1.1\r\nhost: g\r\nx: 1\r\n ".toCharArray()) {
      client.send(String.valueOf(octet));
    }

    assertThat(client.readAnswer().status()).isEqualTo(400);
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(service.requests()).isEmpty();
  }

  @Test
  void whatWasPipelinedAheadOfABadHeadIsAnsweredFirst() throws Exception {
    edge.route(echo());
    Wire client =
        edge.client()
            .send(
                request("POST", "/svc/1", "one")
                    + request("HEAD", "/local")
                    + request("POST", "/spring/echo", "two")
                    + "GET /svc/bad http/1.1\r\n\r\n"
                    + request("GET", "/svc/never"));

    assertThat(client.readAnswer().body()).isEqualTo("/svc/1:one");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readAnswer().body()).isEqualTo("two");
    Answer refusal = client.readAnswer();
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.body()).contains("BAD_REQUEST");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void whatAClientStillSendsDoesNotDestroyTheAnswer() throws Exception {
    edge.route(echo());
    Wire client = edge.client().send("GET /svc/bad http/1.1\r\n\r\n" + "x".repeat(300_000));

    assertThat(client.readAnswer().status()).isEqualTo(400);
    client.send("y".repeat(300_000));
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"3 junk\r\nabc\r\n0\r\n\r\n", "3;a =b\r\nabc\r\n0\r\n\r\n", "0\r\nx : 1\r\n\r\n"})
  void aBadChunkCutsOffWhatTheServiceGot(String rest) throws Exception {
    BlockingQueue<String> chunks = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              chunks.add(wire.readChunk());
              String more = "";
              try {
                more = wire.readLine();
              } finally {
                chunks.add("then:" + more);
              }
            }));
    Wire client = edge.client().send(CHUNKED + "5\r\nfirst\r\n");
    assertThat(chunks.poll(10, TimeUnit.SECONDS)).isEqualTo("first");

    client.send(rest + request("GET", "/svc/smuggled"));

    assertThat(chunks.poll(10, TimeUnit.SECONDS)).isEqualTo("then:");
    Answer answer = client.readAnswer();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(edge.record(0).flags()).contains("BAD_REQUEST");
  }

  @Test
  void aBadChunkForSpringEndsTheConnection() throws Exception {
    edge.route(echo());
    edge.expectWarning("Decoding failed");
    Wire client =
        edge.client()
            .send("POST /spring/echo HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n")
            .send("3 junk\r\nabc\r\n0\r\n\r\n" + request("GET", "/svc/smuggled"));

    assertThat(client.readToEnd()).doesNotContain("smuggled");
  }

  @Test
  void legalTrafficPassesHoweverItIsSplit() throws Exception {
    edge.route(echo());
    String stream =
        request("POST", "/svc/1", "\r\n\r\n")
            + "\r\n"
            + CHUNKED
            + "3;x=\"y z\"\r\nabc\r\n0\r\nx-trailer: 1\r\n\r\n"
            + head("GET /svc/3 HTTP/1.1", "host: g", "x: caf\u00e9\tand more", "empty:")
            + request("POST", "/spring/echo", "four");
    for (int size : new int[] {1, 2, 3, 7, 50, 1000}) {
      Wire client = edge.client();
      for (int at = 0; at < stream.length(); at += size) {
        client.send(stream.substring(at, Math.min(stream.length(), at + size)));
      }

      assertThat(client.readAnswer().body()).isEqualTo("/svc/1:\r\n\r\n");
      assertThat(client.readAnswer().body()).isEqualTo("/svc/a:abc");
      assertThat(client.readAnswer().body()).isEqualTo("/svc/3:");
      assertThat(client.readAnswer().body()).isEqualTo("four");
    }
  }
}

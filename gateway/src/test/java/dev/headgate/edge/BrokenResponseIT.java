package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services of HTTP/1.1 that answer with something else. */
@Timeout(60)
class BrokenResponseIT {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream answering(String bytes) {
    RawUpstream service =
        edge.service(
            wire -> {
              while (true) {
                wire.readRequest();
                wire.send(bytes);
              }
            });
    edge.route(service);
    return service;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + "content-length: 2\r\ncontent-length: 3\r\n\r\nabc",
        OK + "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + "x: a\r\n b\r\ncontent-length: 0\r\n\r\n",
        OK + "x: a\0b\r\ncontent-length: 0\r\n\r\n",
        OK + "x: a\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1  200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n",
        "<html>hello</html>\r\n\r\n",
        "HTTP/1.1 200 OK\ncontent-length: 0\n\n"
      })
  void aHeadThatIsNoneIsA502AndTheEndOfItsConnection(String bytes) throws Exception {
    RawUpstream service = answering(bytes);
    Wire client = edge.client();

    for (int i = 0; i < 2; i++) {
      Answer answer = client.send(request("GET", "/svc/a")).readAnswer();
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body()).contains("UPSTREAM_PROTOCOL_ERROR");
    }
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void aHeadBeyondItsLimitIsA502() throws Exception {
    answering(OK + ("x-long: " + "y".repeat(1000) + "\r\n").repeat(100) + "\r\n");

    assertThat(edge.get("/svc/a").body()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void aBadChunkCutsTheClientOff() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(OK + "transfer-encoding: chunked\r\n\r\n").sendChunk("good");
              wire.silentFor(50);
              wire.send("5 \r\nworse\r\n0\r\n\r\n");
              wire.awaitEnd();
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));

    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readChunk()).isEqualTo("good");
    client.awaitEnd();

    assertThat(edge.record(0).flags()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void spaceBeforeTheColonIsTakenAway() throws Exception {
    answering(OK + "X-Spaced : 1\r\nContent-Length : 2\r\n\r\nok");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.body()).isEqualTo("ok");
    assertThat(answer.field("x-spaced")).isEqualTo("1");
  }

  @Test
  void aBodyInAnswerToHeadPoisonsNothing() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              Head head = wire.readHead();
              wire.send(head.startLine().startsWith("HEAD") ? ok("stray") : ok("right"));
              wire.awaitEnd();
            });
    edge.route(service);
    Wire client = edge.client();

    assertThat(client.send(request("HEAD", "/svc/a")).readHead().status()).isEqualTo(200);
    assertThat(client.send(request("GET", "/svc/b")).readAnswer().body()).isEqualTo("right");
    assertThat(service.accepted()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-length: 5\r\n\r\nhello", "\r\n", "\r\nhello"})
  void contentAfter205IsNeitherPassedOnNorWaitedFor(String rest) throws Exception {
    RawUpstream service = answering("HTTP/1.1 205 Reset\r\n" + rest);
    Wire client = edge.client();

    for (int i = 0; i < 2; i++) {
      Answer answer = client.send(request("GET", "/svc/a")).readAnswer();
      assertThat(answer.status()).isEqualTo(205);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void interimResponsesWithoutEndAreNoAnswer() throws Exception {
    answering("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(200));
    Wire client = edge.client().send(request("GET", "/svc/a"));

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void http10WithoutKeepAliveIsNotReused() throws Exception {
    RawUpstream service = answering("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok");
    Wire client = edge.client();

    for (int i = 0; i < 2; i++) {
      assertThat(client.send(request("GET", "/svc/a")).readAnswer().body()).isEqualTo("ok");
    }
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void bytesBeyondTheAnswerEndTheConnection() throws Exception {
    RawUpstream service = answering(ok("right") + ok("poison"));
    Wire client = edge.client();

    for (int i = 0; i < 2; i++) {
      assertThat(client.send(request("GET", "/svc/a")).readAnswer().body()).isEqualTo("right");
    }
    assertThat(service.accepted()).isEqualTo(2);
    await().until(() -> edge.pool().open() == 0);
  }
}

package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.UpstreamConnection;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP/1.1 as it is spoken: framing both ways, kept connections, pipelining, interim answers. */
@SuppressWarnings("StringConcatToTextBlock") // Lines of HTTP end in CRLF.
@Alone
class ProtocolIT {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Semaphore VANISHED = new Semaphore(0);
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.playing(ProtocolIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes("routes: {all: {match: {path: /**}, upstream: u}}"));

  private static void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      Received request = readBody(connection, head);
      String path = request.target();
      if (request.method().equals("HEAD")) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nX-Head: 1\r\n\r\n");
      } else if (path.startsWith("/no-content")) {
        connection.write("HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n");
      } else if (path.startsWith("/not-modified")) {
        connection.write("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: \"1\"\r\n\r\n");
      } else if (path.startsWith("/chunked")) {
        connection.write(Answer.chunked("first ", "second ", "third"));
      } else if (path.startsWith("/trickle")) {
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        connection.write(Answer.chunk("early ")).pause(Duration.ofSeconds(1));
        connection.write(Answer.chunk("late") + "0\r\n\r\n");
      } else if (path.startsWith("/early-hints")) {
        connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
        connection.pause(PAUSE).write(Answer.ok("final"));
      } else if (path.startsWith("/processing")) {
        connection.write("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
        connection.write(Answer.ok("final"));
      } else if (path.startsWith("/slow")) {
        connection.pause(PAUSE).ok(path);
      } else if (path.startsWith("/bye")) {
        connection.write(Answer.ok("bye", "Connection: close")).close();
        return;
      } else if (path.startsWith("/vanish")) {
        connection.write(Answer.ok("vanish")).close();
        VANISHED.release();
        return;
      } else if (path.startsWith("/too-much")) {
        connection.write(Answer.ok("mine") + Answer.ok("EVIL")).awaitEnd();
        return;
      } else if (path.startsWith("/old")) {
        connection.write("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold").close();
        return;
      } else if (path.startsWith("/empty")) {
        connection.ok("");
      } else {
        connection.ok(request.method() + " " + path + " " + request.text());
      }
    }
  }

  private static Received readBody(UpstreamConnection connection, Head head) throws Exception {
    if (head.header("expect") != null) {
      connection.write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    return connection.readBody(head);
  }

  @BeforeEach
  void forget() {
    UPSTREAM.forget();
  }

  private static RawHttp client() throws Exception {
    return RawHttp.to(GATEWAY.port());
  }

  private static void assertInStep(RawHttp http) throws Exception {
    assertThat(http.request("GET /next").response("GET").text()).isEqualTo("GET /next ");
  }

  @Test
  void headHasNoBodyAndKeepsItsLength() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.request("HEAD /x").response("HEAD");
      assertThat(response.need("content-length")).isEqualTo("12345");
      assertThat(response.need("x-head")).isEqualTo("1");
      assertInStep(http);
    }
  }

  @Test
  void noContentHasNoBodyAndNoFraming() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.request("GET /no-content").response("GET");
      assertThat(response.status()).isEqualTo(204);
      assertThat(response.headers("transfer-encoding")).isEmpty();
      assertThat(response.headers("content-length")).isEmpty();
      assertInStep(http);
    }
  }

  @Test
  void notModifiedHasNoBody() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.request("GET /not-modified").response("GET");
      assertThat(response.status()).isEqualTo(304);
      assertThat(response.need("etag")).isEqualTo("\"1\"");
      assertThat(response.headers("transfer-encoding")).isEmpty();
      assertInStep(http);
    }
  }

  @Test
  void emptyBodyIsEmpty() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.request("GET /empty").response("GET");
      assertThat(response.body()).isEmpty();
      assertThat(response.complete()).isTrue();
      assertInStep(http);
    }
  }

  @Test
  void chunkedAnswerArrivesWhole() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.request("GET /chunked").response("GET");
      assertThat(response.text()).isEqualTo("first second third");
      assertThat(response.complete()).isTrue();
      assertThat(response.headers("content-length")).isEmpty();
      assertInStep(http);
    }
  }

  @Test
  void chunksAreNotHeldBack() throws Exception {
    try (RawHttp http = client()) {
      long start = System.nanoTime();
      http.request("GET /trickle").head();
      assertThat(http.chunk()).asString().isEqualTo("early ");
      assertThat(System.nanoTime() - start).isLessThan(800_000_000L);
      assertThat(http.chunk()).asString().isEqualTo("late");
    }
  }

  @Test
  void chunkedRequestArrivesWhole() throws Exception {
    try (RawHttp http = client()) {
      http.request("POST /upload", "Transfer-Encoding: chunked");
      http.send("5\r\nhello\r\n").send("1;ext=\"1\"\r\n \r\n").send("5\r\nworld\r\n0\r\n\r\n");
      assertThat(http.response("POST").text()).isEqualTo("POST /upload hello world");
      Received received = UPSTREAM.take();
      assertThat(received.complete()).isTrue();
      assertThat(received.headers("content-length").size())
          .isEqualTo(1 - received.headers("transfer-encoding").size());
      assertInStep(http);
    }
  }

  @Test
  void bodyInSmallPiecesArrivesWhole() throws Exception {
    try (RawHttp http = client()) {
      http.request("POST /pieces", "Content-Length: 26");
      for (char letter = 'a'; letter <= 'z'; letter++) {
        http.send(String.valueOf(letter));
      }
      assertThat(http.response("POST").text()).isEqualTo("POST /pieces abcdefghijklmnopqrstuvwxyz");
    }
  }

  @Test
  void requestInSmallPiecesIsUnderstood() throws Exception {
    try (RawHttp http = client()) {
      for (String piece : "GET /bytes HTTP/1.1\r\nHost: a\r\n\r\n".split("", -1)) {
        http.send(piece);
      }
      assertThat(http.response("GET").text()).isEqualTo("GET /bytes ");
    }
  }

  @Test
  void expectContinueIsAnsweredBeforeTheBodyIsSent() throws Exception {
    try (RawHttp http = client()) {
      http.request("POST /expect", "Expect: 100-continue", "Content-Length: 4");
      assertThat(http.head().startLine()).startsWith("HTTP/1.1 100");
      http.send("body");
      assertThat(http.response("POST").text()).isEqualTo("POST /expect body");
      assertInStep(http);
    }
  }

  @Test
  void theFinalAnswerFollowsInterimOnes() throws Exception {
    try (RawHttp http = client()) {
      assertThat(http.request("GET /early-hints").response("GET").text()).isEqualTo("final");
      assertThat(http.request("GET /processing").response("GET").text()).isEqualTo("final");
      assertInStep(http);
    }
  }

  @Test
  void http10ClientGetsAnAnswerItUnderstands() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.send("GET /chunked HTTP/1.0\r\n\r\n").response("GET");
      assertThat(response.headers("transfer-encoding")).isEmpty();
      assertThat(response.text()).isEqualTo("first second third");
      assertThat(http.endsWithin(Duration.ofSeconds(3))).isTrue();
    }
  }

  @Test
  void http10ServiceIsUnderstood() throws Exception {
    try (RawHttp http = client()) {
      assertThat(http.request("GET /old").response("GET").text()).isEqualTo("old");
      assertInStep(http);
    }
  }

  @Test
  void connectionCloseOfTheClientIsHonoured() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.request("GET /x", "Connection: close").response("GET");
      assertThat(response.need("connection")).isEqualToIgnoringCase("close");
      assertThat(http.endsWithin(Duration.ofSeconds(3))).isTrue();
    }
  }

  @Test
  void connectionCloseOfTheServiceStaysWithTheService() throws Exception {
    try (RawHttp http = client()) {
      Response response = http.request("GET /bye").response("GET");
      assertThat(response.text()).isEqualTo("bye");
      assertThat(response.headers("connection")).doesNotContain("close");
      assertInStep(http);
    }
  }

  @Test
  void connectionsToTheServiceAreReused() throws Exception {
    try (RawHttp http = client()) {
      assertInStep(http);
      int before = UPSTREAM.accepted();
      for (int i = 0; i < 50; i++) {
        assertInStep(http);
      }
      assertThat(UPSTREAM.accepted()).isEqualTo(before);
    }
  }

  @Test
  void aKeptConnectionThatTheServiceClosedIsNotUsedAgain() throws Exception {
    try (RawHttp http = client()) {
      for (int i = 0; i < 20; i++) {
        assertThat(http.request("GET /vanish").response("GET").text()).isEqualTo("vanish");
        // Nobody can know of a close that is still to come; of one that has come, everybody must.
        assertThat(VANISHED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        Response response = http.requestWithBody("POST /after", "x").response("POST");
        assertThat(response.text()).isEqualTo("POST /after x");
      }
    }
  }

  @Test
  void bytesThatNobodyAskedForAreNobodysAnswer() throws Exception {
    try (RawHttp http = client()) {
      for (int i = 0; i < 5; i++) {
        assertThat(http.request("GET /too-much").response("GET").text()).isEqualTo("mine");
        assertInStep(http);
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (RawHttp http = client()) {
      http.send(
          "GET /slow/1 HTTP/1.1\r\nHost: a\r\n\r\n"
              + "POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
              + "GET /slow/3 HTTP/1.1\r\nHost: a\r\n\r\nGET /four HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(http.response("GET").text()).isEqualTo("/slow/1");
      assertThat(http.response("POST").text()).isEqualTo("POST /two abc");
      assertThat(http.response("GET").text()).isEqualTo("/slow/3");
      assertThat(http.response("GET").text()).isEqualTo("GET /four ");
    }
  }

  @Test
  void aLongPipelineIsAnsweredInOrder() throws Exception {
    try (RawHttp http = client()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        requests.append("GET /n/").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      http.send(requests.toString());
      for (int i = 0; i < 200; i++) {
        assertThat(http.response("GET").text()).isEqualTo("GET /n/" + i + " ");
      }
    }
  }
}

package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.UpstreamConnection;
import java.net.SocketException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures and limits once an answer has begun: it must not look complete. */
@Alone
@Once
class BrokenAnswerIT {
  private static final Duration TICK = Duration.ofMillis(100);

  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.playing(BrokenAnswerIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"], circuit-breaker: none}}")
              .routes(
                  """
                  defaults: {route: {timeout: {total: 1s}}}
                  routes:
                    plain: {match: {path: /**}, upstream: u, timeout: {total: 20s}}
                    idle: {match: {path: /idle/**}, upstream: u, timeout: {total: 20s, idle: 500ms}}
                    total: {match: {path: /total/**}, upstream: u}
                    none: {match: {path: /none/**}, upstream: u, timeout: {total: none}}
                    per-try: {match: {path: /per-try/**}, upstream: u, timeout: {total: 20s, per-try: 500ms}}
                  """));

  private static void play(UpstreamConnection connection) throws Exception {
    for (var request = connection.read(); request != null; request = connection.read()) {
      String target = request.target();
      switch (target.substring(target.lastIndexOf('/') + 1)) {
        case "length-close" -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789").close();
          return;
        }
        case "length-reset" -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
          connection.pause(TICK).reset();
          return;
        }
        case "chunked-close" -> {
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.write(Answer.chunk("0123456789")).pause(TICK).close();
          return;
        }
        case "chunked-reset" -> {
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.write(Answer.chunk("0123456789")).pause(TICK).reset();
          return;
        }
        case "chunked-junk" -> {
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.write(Answer.chunk("0123456789")).pause(TICK);
          connection.write("zz\r\njunk\r\n0\r\n\r\n").awaitEnd();
          return;
        }
        case "end-reset" -> {
          connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789");
          connection.pause(TICK).reset();
          return;
        }
        case "end-close" -> {
          connection.write("HTTP/1.1 200 OK\r\n\r\n0123456789").pause(TICK).close();
          return;
        }
        case "length-stall" -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
          connection.awaitEnd();
          return;
        }
        case "dribble" -> dribble(connection, "text/plain");
        case "events" -> dribble(connection, "text/event-stream");
        case "events-stall" -> {
          connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=UTF-8\r\n");
          connection.write("Transfer-Encoding: chunked\r\n\r\n");
          connection.write(Answer.chunk("data: 1\n\n")).awaitEnd();
          return;
        }
        default -> connection.ok("fine");
      }
    }
  }

  /** 2.5 seconds of answer, a piece each 100 ms. */
  private static void dribble(UpstreamConnection connection, String type) throws Exception {
    connection.write(
        "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 25; i++) {
      connection.write(Answer.chunk("data: " + i + "\n\n")).pause(TICK);
    }
    connection.write("0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/length-close",
        "/length-reset",
        "/chunked-close",
        "/chunked-reset",
        "/chunked-junk",
        "/end-reset",
        "/idle/length-stall",
        "/total/dribble",
        "/idle/events-stall"
      })
  void aBrokenAnswerEndsTheConnectionAndIsNotComplete(String target) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      Response response = http.request("GET " + target).response("GET");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.complete()).isFalse();
      assertThat(http.endsWithin(Duration.ofSeconds(3))).isTrue();
      var line = GATEWAY.process().awaitAccess(response.need("x-request-id"));
      assertThat(line.path("flags").toString()).matches(".*[A-Za-z].*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chunked-close", "/chunked-reset", "/end-reset"})
  void anHttp10ClientSeesAResetAndNoCleanEnd(String target) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET " + target + " HTTP/1.0").head();
      assertThatThrownBy(http::rest).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void anAnswerThatEndsWithItsConnectionIsComplete() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/end-close");
    assertThat(response.complete()).isTrue();
    assertThat(response.text()).isEqualTo("0123456789");
  }

  @Test
  void totalCoversTheBody() throws Exception {
    long start = System.nanoTime();
    Response response = RawHttp.get(GATEWAY.port(), "/total/dribble");
    assertThat(response.complete()).isFalse();
    assertThat(response.text()).startsWith("data: 0");
    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(700L, 2_200L);
  }

  @Test
  void totalNoneLetsTheBodyTakeItsTime() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/none/dribble");
    assertThat(response.complete()).isTrue();
    assertThat(response.text()).endsWith("data: 24\n\n");
  }

  @Test
  void perTryEndsAtTheHead() throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), "/per-try/dribble").complete()).isTrue();
  }

  @Test
  void eventStreamsOutliveTheTotalAndComePieceByPiece() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      long start = System.nanoTime();
      http.request("GET /total/events").head();
      assertThat(http.chunk()).isNotEmpty();
      assertThat(System.nanoTime() - start).isLessThan(1_500_000_000L);
      int chunks = 1;
      for (byte[] chunk = http.chunk(); chunk != null; chunk = http.chunk()) {
        if (chunk.length == 0) {
          assertThat(chunks).isBetween(10, 25);
          return;
        }
        chunks++;
      }
      throw new AssertionError("the event stream broke off after " + chunks + " chunks");
    }
  }

  @Test
  void anIdleServiceIsLeftAfterTheIdleLimit() throws Exception {
    long start = System.nanoTime();
    Response response = RawHttp.get(GATEWAY.port(), "/idle/length-stall");
    assertThat(response.text()).isEqualTo("0123456789");
    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(400L, 4_000L);
  }

  @Test
  void aClientThatStallsAmidItsBodyIsLeftAfterTheIdleLimit() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("POST /idle/upload", "Content-Length: 100").send("0123456789");
      assertThat(http.endsWithin(Duration.ofSeconds(6))).isTrue();
    }
    awaitNoStalledConnections();
  }

  @Test
  void connectionsOfBrokenAnswersAreNotKept() throws Exception {
    RawHttp.get(GATEWAY.port(), "/idle/length-stall");
    RawHttp.get(GATEWAY.port(), "/total/dribble");
    awaitNoStalledConnections();
    assertThat(RawHttp.get(GATEWAY.port(), "/fine").text()).isEqualTo("fine");
  }

  /** What stays open is idle in a pool: one connection an event loop at most. */
  private static void awaitNoStalledConnections() {
    int pooled = 2 * Runtime.getRuntime().availableProcessors() + 4;
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> UPSTREAM.open() <= pooled);
  }
}

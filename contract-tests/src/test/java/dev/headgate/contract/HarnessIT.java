package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.FullBacklog;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.Tls;
import dev.headgate.samples.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The harness and the samples themselves, with no gateway between: what a red test rests on. */
@Once
class HarnessIT {
  @Test
  void bodiesAreReadByTheirFraming() throws Exception {
    try (ScriptedUpstream upstream =
        ScriptedUpstream.answering(
            request ->
                request.target().equals("/chunked")
                    ? Answer.chunked("a", "b")
                    : Answer.ok(request.text()))) {
      try (RawHttp http = RawHttp.to(upstream.port())) {
        assertThat(http.requestWithBody("POST /x", "body").response("POST").text())
            .isEqualTo("body");
        Response chunked = http.request("GET /chunked").response("GET");
        assertThat(chunked.text()).isEqualTo("ab");
        assertThat(chunked.complete()).isTrue();
      }
      assertThat(upstream.accepted()).isEqualTo(1);
      Awaitility.await().until(() -> upstream.open() == 0);
      assertThat(upstream.take().complete()).isTrue();
    }
  }

  @Test
  void aBrokenAnswerIsNotComplete() throws Exception {
    for (String framing : new String[] {"Content-Length: 99", "Transfer-Encoding: chunked"}) {
      try (ScriptedUpstream upstream =
          ScriptedUpstream.playing(
              connection -> {
                connection.read();
                connection.write("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n4\r\nabcd\r\n");
              })) {
        assertThat(RawHttp.get(upstream.port(), "/").complete()).isEqualTo(false);
      }
    }
  }

  @Test
  void interimAnswersAreSkipped() throws Exception {
    try (ScriptedUpstream upstream =
        ScriptedUpstream.answering(r -> "HTTP/1.1 103 Hints\r\nA: 1\r\n\r\n" + Answer.ok("x"))) {
      Response response = RawHttp.get(upstream.port(), "/");
      assertThat(response.interim()).hasSize(1);
      assertThat(response.text()).isEqualTo("x");
    }
  }

  @Test
  void aResetIsSeenAsOne() throws Exception {
    try (ScriptedUpstream upstream =
        ScriptedUpstream.playing(
            connection -> {
              connection.read();
              connection.reset();
            })) {
      assertThatThrownBy(() -> RawHttp.get(upstream.port(), "/")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theEndOfAConnectionIsSeenByBothSides() throws Exception {
    try (ScriptedUpstream upstream =
        ScriptedUpstream.playing(connection -> connection.awaitEnd())) {
      try (RawHttp http = RawHttp.to(upstream.port())) {
        assertThat(http.endsWithin(Duration.ofMillis(100))).isFalse();
        Awaitility.await().until(() -> upstream.open() == 1);
        http.reset();
      }
      Awaitility.await().until(() -> upstream.open() == 0);
    }
    try (ScriptedUpstream upstream = ScriptedUpstream.playing(connection -> {});
        RawHttp http = RawHttp.to(upstream.port())) {
      assertThat(http.endsWithin(Duration.ofSeconds(2))).isTrue();
    }
  }

  @Test
  void aFullBacklogNeitherAcceptsNorRefuses() throws Exception {
    try (FullBacklog full = FullBacklog.open();
        Socket socket = new Socket()) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), full.port());
      assertThatThrownBy(() -> socket.connect(address, 300))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void theSelfSignedServerSpeaksTls() throws Exception {
    try (ScriptedUpstream upstream =
        ScriptedUpstream.playingOver(Tls.selfSigned(), connection -> connection.ok("never"))) {
      assertThat(upstream.url()).startsWith("https://");
      try (RawHttp http = RawHttp.to(upstream.port())) {
        http.request("GET /");
        assertThat(http.endsWithin(Duration.ofSeconds(5))).isTrue();
      }
    }
  }

  @Test
  void theSamplesAnswer() throws Exception {
    try (Samples samples = Samples.startOnFreePorts()) {
      Response users = RawHttp.get(samples.port(Samples.Service.USERS_V2), "/users");
      assertThat(users.json().path("items").size()).isEqualTo(2);
      int flaky = samples.port(Samples.Service.FLAKY);
      assertThat(RawHttp.get(flaky, "/flaky").status()).isEqualTo(200);
      assertThat(RawHttp.get(flaky, "/flaky").status()).isEqualTo(200);
      assertThat(RawHttp.get(flaky, "/flaky").status()).isEqualTo(503);
      assertThatThrownBy(() -> RawHttp.get(flaky, "/flaky/reset")).isInstanceOf(IOException.class);
      Response slow = RawHttp.get(samples.port(Samples.Service.SLOW), "/slow?ms=20");
      assertThat(slow.json().path("waitedMs").asInt()).isEqualTo(20);
      Response echo = RawHttp.get(samples.port(Samples.Service.ECHO), "/a%2Fb?x");
      assertThat(echo.json().path("target").asString()).isEqualTo("/a%2Fb?x");
    }
  }
}

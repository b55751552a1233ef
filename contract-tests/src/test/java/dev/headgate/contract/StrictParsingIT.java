package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not reach a service, since it may be understood in two ways. */
@SuppressWarnings("StringConcatToTextBlock") // Lines of HTTP end in CRLF.
@Once
class StrictParsingIT {
  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.answering(request -> Answer.ok("fine"));

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes("routes: {all: {match: {path: /**}, upstream: u}}"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /bad HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
        "GET /bad HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /bad HTTP/1.1\r\n\r\n",
        "GET /bad HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET  /bad HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/bad HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /bad http/1.1\r\nHost: a\r\n\r\n",
        "GET /bad HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET /bad\r\nHost: a\r\n\r\n",
        "GET /bad HTTP/3.1\r\nHost: a\r\n\r\n",
        "GET /bad HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
        "GET /bad HTTP/1.1\r\nHost: a\r\nX\u0000: b\r\n\r\n",
        "GET /bad HTTP/1.1\r\nHost: a\r\nNoColon\r\n\r\n",
        "GET /bad HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",
        "G@T /bad HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /b\u0001ad HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
        "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc",
        "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 3 4\r\n\r\nabc",
        "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "POST /bad HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void anAmbiguousHeadIsRefusedAndReachesNobody(String request) throws Exception {
    int before = UPSTREAM.received().size();
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      assertThat(http.send(request).response("GET").status()).isIn(400, 501, 505);
      assertThat(http.endsWithin(Duration.ofSeconds(5))).isTrue();
    }
    assertThat(UPSTREAM.received()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3 junk\r\nabc\r\n0\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        "+3\r\nabc\r\n0\r\n\r\n",
        "\r\nabc\r\n0\r\n\r\n",
        "zz\r\nabc\r\n0\r\n\r\n",
        "3\r\nabcX\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
      })
  void aBodyWithBadChunksNeverLooksComplete(String body) throws Exception {
    int before = UPSTREAM.received().size();
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("POST /bad-chunks", "Transfer-Encoding: chunked").send(body);
      assertThat(http.endsWithin(Duration.ofSeconds(8))).isTrue();
    }
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .until(() -> UPSTREAM.received().stream().skip(before).noneMatch(Received::complete));
  }

  @Test
  void anEndlessHeadIsRefused() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /bad", "X-Long: " + "x".repeat(200_000));
      assertThat(http.response("GET").status()).isIn(400, 431);
    }
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /bad" + "x".repeat(200_000));
      assertThat(http.response("GET").status()).isIn(400, 414, 431);
    }
  }

  @Test
  void aRefusalSpeaksTheEnvelope() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      var response = http.send("GET /bad HTTP/1.1\r\nHost : a\r\n\r\n").response("GET");
      assertThat(response.errorCode()).isNotBlank();
    }
  }

  @Test
  void aSmuggledSecondRequestReachesNobody() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.send(
          "POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "0\r\n\r\nGET /bad-smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(http.endsWithin(Duration.ofSeconds(5))).isTrue();
    }
    assertThat(UPSTREAM.received()).noneMatch(received -> received.target().contains("smuggled"));
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again on real connections, and what is not. */
class RetryIT {
  private static final String UNAVAILABLE =
      "HTTP/1.1 503 Unavailable\r\ncontent-length: 3\r\n\r\noff";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final AtomicInteger asked = new AtomicInteger();

  /** What a service does with the n-th request. */
  private RawUpstream steps(RawUpstream.Script... scripts) {
    return edge.service(
        wire -> {
          while (true) {
            wire.readRequest();
            scripts[Math.min(asked.getAndIncrement(), scripts.length - 1)].run(wire);
          }
        });
  }

  private static RawUpstream.Script says(String answer) {
    return wire -> wire.send(answer);
  }

  @Test
  void aSafeMethodIsTriedUntilItIsAnswered() throws Exception {
    edge.route(
        steps(says(UNAVAILABLE), says(UNAVAILABLE), says(ok("at last"))),
        "retry: {max-attempts: 3}",
        "");

    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
    assertThat(edge.record(0).attempts()).isEqualTo(3);
    assertThat(edge.record(0).flags()).isEmpty();
  }

  @Test
  void aResetIsTriedAgain() throws Exception {
    edge.route(steps(Wire::reset, says(ok("at last"))), "retry: {max-attempts: 2}", "");

    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
    assertThat(edge.record(0).attempts()).isEqualTo(2);
  }

  @Test
  void anAnswerCutInItsHeadIsTriedAgain() throws Exception {
    edge.route(
        steps(
            wire -> {
              wire.send("HTTP/1.1 200 OK\r\nx-a:");
              wire.close();
            },
            says(ok("at last"))),
        "retry: {max-attempts: 2}",
        "");

    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
  }

  @Test
  void anAnswerThatStreamsIsDroppedForTheNextTry() throws Exception {
    RawUpstream service =
        steps(
            wire -> {
              wire.send("HTTP/1.1 503 Unavailable\r\ntransfer-encoding: chunked\r\n\r\n");
              wire.sendChunk("sorry");
              wire.awaitEnd();
            },
            says(ok("at last")));
    edge.route(service, "retry: {max-attempts: 2}", "");

    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void theLastTrysAnswerIsPassedOn() throws Exception {
    edge.route(steps(says(UNAVAILABLE)), "retry: {max-attempts: 3}", "");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("off");
    assertThat(asked).hasValue(3);
  }

  @Test
  void aPostIsNotTriedAgain() throws Exception {
    edge.route(steps(says(UNAVAILABLE)), "retry: {max-attempts: 3}", "");

    Answer answer = edge.client().send(request("POST", "/svc/a", "body")).readAnswer();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(asked).hasValue(1);
  }

  @Test
  void aPostThatWasResetIsNotTriedAgain() throws Exception {
    edge.route(steps(Wire::reset), "retry: {max-attempts: 3}", "");

    Answer answer = edge.client().send(request("POST", "/svc/a", "body")).readAnswer();

    assertThat(answer.status()).isEqualTo(502);
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-length: 4\r\n\r\nbody",
        "transfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
      })
  void aPostThatNobodyGotIsTriedAgainWithItsBody(String rest) throws Exception {
    RawUpstream service = edge.answering(ok("taken"));
    edge.table(
        """
        upstreams:
          svc: {endpoints: ["http://127.0.0.1:%d", "http://127.0.0.1:%d"], connect-timeout: 5s}
        routes:
          svc: {match: {path: /svc/**}, upstream: svc, retry: {max-attempts: 2}}
        """
            .formatted(UpstreamFailureIT.unusedPort(), service.port()));

    Answer answer = edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\n" + rest).readAnswer();

    assertThat(answer.body()).isEqualTo("taken");
    assertThat(edge.record(0).attempts()).isEqualTo(2);
    assertThat(service.requests()).extracting(Answer::body).isEqualTo(List.of("body"));
  }

  @Test
  void noTryBeginsAfterTheDeadline() throws Exception {
    edge.route(
        edge.service(Wire::awaitEnd),
        "timeout: {total: 250ms, per-try: 100ms}, retry: {max-attempts: 10}",
        "");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(504);
    assertThat(edge.record(0).attempts()).isLessThan(10);
  }

  @Test
  void triesEndAtTheDeadlineThoughTheServiceAnswersFast() throws Exception {
    edge.route(
        steps(
            wire -> {
              wire.silentFor(60);
              wire.send(UNAVAILABLE);
            }),
        "timeout: {total: 200ms}, retry: {max-attempts: 10}",
        "");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isIn(503, 504);
    assertThat(asked.get()).isLessThan(10);
  }
}

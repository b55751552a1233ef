package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are sent again, and those that are not. */
class ReplayIT {
  private static final String UNAVAILABLE =
      "HTTP/1.1 503 Unavailable\r\ncontent-length: 3\r\n\r\noff";
  private static final String PUT_CHUNKED =
      "PUT /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final ConcurrentLinkedQueue<Answer> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  /** A service that reads each request whole and says these things in turn, the last for ever. */
  private RawUpstream saying(String... answers) {
    return edge.service(
        wire -> {
          while (true) {
            requests.add(wire.readRequest());
            wire.send(answers[Math.min(asked.getAndIncrement(), answers.length - 1)]);
          }
        });
  }

  private List<String> bodies() {
    return requests.stream().map(Answer::body).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "GET"})
  void anIdempotentMethodIsSentAgainWithItsBody(String method) throws Exception {
    edge.route(saying(UNAVAILABLE, UNAVAILABLE, ok("done")), "retry: {max-attempts: 3}", "");

    Answer answer = edge.client().send(request(method, "/svc/a", "body")).readAnswer();

    assertThat(answer.body()).isEqualTo("done");
    assertThat(bodies()).containsExactly("body", "body", "body");
    assertThat(requests)
        .allSatisfy(sent -> assertThat(sent.field("content-length")).isEqualTo("4"));
  }

  @Test
  void aBodyOfUnknownLengthGoesAgainWithItsTrailers() throws Exception {
    edge.route(saying(UNAVAILABLE, ok("done")), "retry: {max-attempts: 2}", "");

    Answer answer =
        edge.client()
            .send(PUT_CHUNKED)
            .sendChunk("one")
            .sendChunk("two")
            .send("0\r\nx-sum: 6\r\n\r\n")
            .readAnswer();

    assertThat(answer.body()).isEqualTo("done");
    assertThat(bodies()).containsExactly("onetwo", "onetwo");
    assertThat(requests)
        .allSatisfy(sent -> assertThat(sent.trailers()).containsExactly("x-sum: 6"));
  }

  @ParameterizedTest
  @CsvSource({"99, 2", "100, 2", "101, 1"})
  void aDeclaredLengthBeyondTheLimitIsNotSentAgain(int length, int tries) throws Exception {
    edge.route(saying(UNAVAILABLE), "retry: {max-attempts: 2, max-body: 100B}", "");

    Answer answer = edge.client().send(request("PUT", "/svc/a", "x".repeat(length))).readAnswer();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(asked).hasValue(tries);
  }

  @ParameterizedTest
  @CsvSource({"50, 2", "51, 1"})
  void noMoreIsAnUndeclaredOne(int half, int tries) throws Exception {
    edge.route(saying(UNAVAILABLE), "retry: {max-attempts: 2, max-body: 100B}", "");

    Answer answer =
        edge.client()
            .send(PUT_CHUNKED)
            .sendChunk("x".repeat(half))
            .sendChunk("y".repeat(half))
            .send("0\r\n\r\n")
            .readAnswer();

    assertThat(answer.body()).isEqualTo("off");
    assertThat(asked).hasValue(tries);
  }

  @Test
  void theFirstTryDoesNotWaitForTheBody() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              assertThat(wire.readChunk()).isEqualTo("one");
              seen.countDown();
              assertThat(wire.readChunk()).isEqualTo("two");
              wire.readChunk();
              wire.readLine();
              wire.send(ok("done"));
              wire.awaitEnd();
            }),
        "retry: {max-attempts: 2}",
        "");
    Wire client = edge.client().send(PUT_CHUNKED).sendChunk("one");

    assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(client.sendChunk("two").send("0\r\n\r\n").readAnswer().body()).isEqualTo("done");
  }

  @Test
  void anAnswerAheadOfTheBodyIsTriedAgainWithWhatStillArrives() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    CountDownLatch again = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              if (connections.getAndIncrement() == 0) {
                wire.readHead();
                wire.readChunk();
                wire.send(UNAVAILABLE);
                wire.awaitEnd();
              } else {
                var head = wire.readHead();
                again.countDown();
                requests.add(wire.readBodyOf(head));
                wire.send(ok("done"));
                wire.awaitEnd();
              }
            }),
        "retry: {max-attempts: 2}",
        "");
    Wire client = edge.client().send(PUT_CHUNKED).sendChunk("one");
    assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();

    Answer answer = client.sendChunk("two").send("0\r\n\r\n").readAnswer();

    assertThat(answer.body()).isEqualTo("done");
    assertThat(bodies()).containsExactly("onetwo");
  }

  @Test
  void aClientThatStopsSendingEndsTheNextTryToo() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              if (connections.getAndIncrement() == 0) {
                wire.send(UNAVAILABLE);
              }
              wire.awaitEnd();
            }),
        "retry: {max-attempts: 2}, timeout: {idle: 300ms}",
        "");

    Answer answer = edge.client().send(PUT_CHUNKED).sendChunk("one").readAnswer();

    assertThat(answer.status()).isEqualTo(408);
  }

  @Test
  void aPutThatWasResetIsSentAgain() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    edge.route(
        edge.service(
            wire -> {
              if (connections.getAndIncrement() == 0) {
                wire.readHead();
                wire.reset();
              } else {
                requests.add(wire.readRequest());
                wire.send(ok("done"));
                wire.awaitEnd();
              }
            }),
        "retry: {max-attempts: 2}",
        "");

    Answer answer = edge.client().send(request("PUT", "/svc/a", "body")).readAnswer();

    assertThat(answer.body()).isEqualTo("done");
    assertThat(bodies()).containsExactly("body");
  }

  @Test
  void aFallbackGetsTheBodyThatWasKept() throws Exception {
    RawUpstream other = edge.answering(ok("instead"));
    edge.table(
        """
        upstreams:
          svc: {endpoints: ["http://127.0.0.1:%d"]}
          other: {endpoints: ["http://127.0.0.1:%d"]}
        routes:
          svc:
            match: {path: /svc/**}
            upstream: svc
            retry: {max-attempts: 2}
            fallback: {upstream: other}
        """
            .formatted(saying(UNAVAILABLE).port(), other.port()));

    Answer answer = edge.client().send(request("PUT", "/svc/a", "body")).readAnswer();

    assertThat(answer.body()).isEqualTo("instead");
    assertThat(bodies()).containsExactly("body", "body");
    assertThat(other.requests()).extracting(Answer::body).containsExactly("body");
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real faults: which of them are tried again, when, how often, and what the client gets at last.
 */
@Tag("alone") // It measures time.
class RetryFaultsIT {
  private static final String UNAVAILABLE =
      "HTTP/1.1 503 Unavailable\r\ncontent-length: 3\r\n\r\noff";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final AtomicInteger asked = new AtomicInteger();

  /** The first request meets a fault, every other one is answered. */
  private RawUpstream once(RawUpstream.Script fault) {
    return edge.service(
        wire -> {
          while (true) {
            wire.readRequest();
            if (asked.getAndIncrement() == 0) {
              fault.run(wire);
            } else {
              wire.send(ok("at last"));
            }
          }
        });
  }

  private static String unavailable(String field) {
    return "HTTP/1.1 503 Unavailable\r\n" + field + "\r\ncontent-length: 3\r\n\r\noff";
  }

  @Test
  void aHalfClosedConnectionIsTriedAgain() throws Exception {
    edge.route(
        once(
            wire -> {
              wire.finish();
              wire.awaitEnd();
            }),
        "retry: {max-attempts: 2}",
        "");

    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
  }

  @Test
  void aStallIsTriedAgainWhereWrittenAndNotUnless() throws Exception {
    RawUpstream service = once(Wire::awaitEnd);
    edge.route(service, "retry: {max-attempts: 2, on: [timeout]}, timeout: {per-try: 200ms}", "");
    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
    assertThat(edge.record(0).decisions()).containsExactly("retry:UPSTREAM_TIMEOUT");

    asked.set(0);
    edge.route(service, "retry: {max-attempts: 2}, timeout: {per-try: 200ms}", "");
    assertThat(edge.get("/svc/a").status()).isEqualTo(504);
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({"content-length: 10", "transfer-encoding: chunked"})
  void nothingIsTriedAgainOnceTheClientHasBytes(String framing) throws Exception {
    edge.route(
        once(
            wire -> {
              wire.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
              wire.send(framing.startsWith("t") ? "3\r\nabc\r\n" : "abc");
              wire.silentFor(100);
              wire.reset();
            }),
        "retry: {max-attempts: 3}",
        "");
    Wire client = edge.client().send(request("GET", "/svc/a"));

    assertThatThrownBy(client::readAnswer).isInstanceOf(IOException.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void anAnswerThatIsShorterThanItSaysIsNotKeptForLater() throws Exception {
    edge.table(
        """
        upstreams:
          svc: {endpoints: ["http://127.0.0.1:%d"]}
        routes:
          svc: {match: {path: /svc/**}, upstream: svc, retry: {max-attempts: 2}}
        """
            .formatted(
                edge.service(
                        wire -> {
                          wire.readRequest();
                          if (asked.getAndIncrement() == 0) {
                            wire.send("HTTP/1.1 503 No\r\ncontent-length: 10\r\n\r\nabc");
                            wire.close();
                          } else {
                            wire.reset();
                          }
                        })
                    .port()));

    assertThat(edge.get("/svc/a").status()).isEqualTo(502);
    assertThat(asked).hasValue(2);
  }

  @Test
  void theLastRealAnswerIsPassedOnThoughTheLastTryWasRefused() throws Exception {
    edge.table(
        """
        upstreams:
          svc: {endpoints: ["http://127.0.0.1:%d", "http://127.0.0.1:%d"], retry-budget: {minimum-per-second: 50}}
        routes:
          svc: {match: {path: /svc/**}, upstream: svc, retry: {max-attempts: 2}}
        """
            .formatted(edge.answering(UNAVAILABLE).port(), UpstreamFailureIT.unusedPort()));

    for (int i = 0; i < 4; i++) {
      Answer answer = edge.get("/svc/a");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("off");
      assertThat(edge.record(i).attempts()).isEqualTo(2);
    }
  }

  @Test
  void theLastRealAnswerIsPassedOnThoughTheBreakerOpenedMeanwhile() throws Exception {
    edge.expectWarning("breaker-opened");
    edge.route(
        edge.answering(UNAVAILABLE),
        "retry: {max-attempts: 3}",
        "circuit-breaker: {window: 10, minimum-calls: 2, open-for: 60s}");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("off");
    assertThat(edge.record(0).attempts()).isEqualTo(2);
    assertThat(edge.record(0).decisions())
        .containsExactly("retry:503", "retry:503", "breaker-open:open");
  }

  @Test
  void anAnswerThatIsTriedAgainLeavesItsConnectionForOthers() throws Exception {
    RawUpstream service = once(wire -> wire.send(UNAVAILABLE));
    edge.route(service, "retry: {max-attempts: 2}", "");

    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
    assertThat(service.accepted()).isEqualTo(1);
  }

  @Test
  void retryAfterIsWaitedFor() throws Exception {
    edge.route(
        once(wire -> wire.send(unavailable("retry-after: 1"))), "retry: {max-attempts: 2}", "");
    long start = System.nanoTime();

    assertThat(edge.get("/svc/a").body()).isEqualTo("at last");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"retry-after: 2", "retry-after: Mon, 01 Jun 2026 12:00:05 GMT"})
  void aRetryAfterBeyondTheDeadlineEndsItAtOnce(String field) throws Exception {
    edge.route(
        once(wire -> wire.send(unavailable(field))),
        "retry: {max-attempts: 2}, timeout: {total: 1500ms}",
        "");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.field("retry-after")).isEqualTo(field.substring(13));
    assertThat(edge.record(0).decisions()).containsExactly("retry-after-too-long:503");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whereEverythingFailsTheExtraLoadStaysWithinTheBudget() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    RawUpstream service =
        edge.service(
            wire -> {
              while (true) {
                wire.readRequest();
                seen.incrementAndGet();
                wire.send(UNAVAILABLE);
              }
            });
    edge.route(
        service,
        "retry: {max-attempts: 3, backoff: {base: 1ms}}",
        "retry-budget: {percent: 20, minimum-per-second: 0}, circuit-breaker: none");
    Wire client = edge.client();
    for (int i = 0; i < 500; i++) {
      assertThat(client.send(request("GET", "/svc/a")).readAnswer().status()).isEqualTo(503);
    }

    assertThat(seen.get()).isBetween(590, 600);
    assertThat(edge.record(499).decisions()).isSubsetOf("retry:503", "retry-budget-spent:retry");
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.telemetry.AccessRecord;
import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Second tries beside the first, and storms of clients that leave in the middle of anything. */
class HedgeIT {
  private static final int ABORTS = 1_000;
  private static final String UNAVAILABLE =
      "HTTP/1.1 503 Unavailable\r\ncontent-length: 3\r\n\r\noff";
  private static final String GENEROUS =
      "retry-budget: {percent: 100, minimum-per-second: 1000}, pool: {max-connections: 500},"
          + " circuit-breaker: none";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger endings = new AtomicInteger();

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

  private void stall(Wire wire) throws Exception {
    wire.awaitEnd();
    endings.incrementAndGet();
    wire.close();
  }

  @Test
  void theSecondAnswersAndTheFirstIsClosed() throws Exception {
    edge.route(
        steps(this::stall, wire -> wire.send(ok("second"))),
        "hedge: {after: 50ms, max-extra-load: 100%}",
        GENEROUS);

    Answer answer = edge.get("/svc/a");

    assertThat(answer.body()).isEqualTo("second");
    await().until(() -> endings.get() == 1);
    AccessRecord record = edge.record(0);
    assertThat(record.attempts()).isEqualTo(2);
    assertThat(record.decisions()).containsExactly("hedge", "hedge-won");
    assertThat(record.flags()).isEmpty();
    assertThat(record.upstreamMicros()).isLessThan(record.totalMicros() - 40_000);
  }

  @Test
  void theFirstAnswersAfterAllAndTheSecondIsClosed() throws Exception {
    AtomicInteger second = new AtomicInteger();
    edge.route(
        steps(
            wire -> {
              await().until(() -> second.get() == 1);
              wire.send(ok("first"));
            },
            wire -> {
              wire.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
              second.set(1);
              stall(wire);
            }),
        "hedge: {after: 50ms, max-extra-load: 100%}",
        GENEROUS);

    assertThat(edge.get("/svc/a").body()).isEqualTo("first");
    await().until(() -> endings.get() == 1);
    assertThat(edge.record(0).decisions()).containsExactly("hedge");
    assertThat(edge.record(0).upstreamMicros()).isGreaterThan(50_000);
  }

  @Test
  void aLateInterimResponseOfTheLoserIsNotWrittenIntoTheWinnersAnswer() throws Exception {
    AtomicInteger won = new AtomicInteger();
    edge.route(
        steps(
            wire -> {
              await().until(() -> won.get() == 1);
              wire.send("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(20));
              stall(wire);
            },
            wire -> {
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").sendChunk("one");
              won.set(1);
              wire.silentFor(100);
              wire.sendChunk("two").send("0\r\n\r\n");
            }),
        "hedge: {after: 50ms, max-extra-load: 100%}",
        GENEROUS);

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("onetwo");
  }

  @Test
  void aBadHedgeWaitsForTheFirst() throws Exception {
    edge.route(
        steps(
            wire -> {
              await().until(() -> asked.get() == 2);
              wire.silentFor(50);
              wire.send(ok("first"));
            },
            Wire::reset),
        "hedge: {after: 50ms, max-extra-load: 100%}",
        GENEROUS);

    assertThat(edge.get("/svc/a").body()).isEqualTo("first");
  }

  @Test
  void aPostIsNotAskedTwice() throws Exception {
    edge.route(
        steps(
            wire -> {
              wire.silentFor(150);
              wire.send(ok("once"));
            }),
        "hedge: {after: 20ms, max-extra-load: 100%}",
        GENEROUS);

    Answer answer = edge.client().send(request("POST", "/svc/a", "body")).readAnswer();

    assertThat(answer.body()).isEqualTo("once");
    assertThat(asked).hasValue(1);
  }

  /** Where: in the backoff, while a body is sent again, beside a hedge. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "retry: {max-attempts: 3, backoff: {base: 20ms, jitter: equal}}",
        "retry: {max-attempts: 10, backoff: {base: 1ms}}",
        "retry: {max-attempts: 3, backoff: {base: 1ms}}, hedge: {after: 1ms, max-extra-load: 100%}",
      })
  void nothingIsLeftOfAThousandAborts(String keys) throws Exception {
    Random chance = new Random(5);
    edge.route(
        edge.service(
            wire -> {
              while (true) {
                String target = wire.readHead().target();
                int n = Integer.parseInt(target.substring(target.lastIndexOf('/') + 1));
                switch (n % 4) {
                  case 0 -> wire.send(UNAVAILABLE);
                  case 1 -> wire.reset();
                  case 2 -> {
                    wire.send("HTTP/1.1 503 No\r\ntransfer-encoding: chunked\r\n\r\n");
                    wire.sendChunk("sorry");
                    wire.awaitEnd();
                  }
                  default -> wire.awaitEnd();
                }
              }
            }),
        keys + ", timeout: {total: 5s}",
        GENEROUS);
    for (int i = 0; i < ABORTS; i++) {
      Wire client = edge.client();
      if (i % 3 == 0) {
        client.send(request("GET", "/svc/" + i));
      } else {
        String put = request("PUT", "/svc/" + i, "x".repeat(1 + chance.nextInt(3_000)));
        client.send(i % 3 == 1 ? put : put.substring(0, put.length() - chance.nextInt(60)));
      }
      if (chance.nextInt(2) == 0) {
        client.silentFor(1 + chance.nextInt(4));
      }
      client.reset();
    }
    edge.awaitIdle();
    assertThat(edge.get("/local").body()).isEqualTo("local");
  }
}

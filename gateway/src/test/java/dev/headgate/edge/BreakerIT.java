package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What opens a breaker over real connections, what does not, and how it closes again. */
class BreakerIT {
  private static final String ONCE = "retry: {max-attempts: 1}";
  private static final String BREAKER =
      "circuit-breaker: {window: 10, minimum-calls: 4, open-for: %s, half-open-calls: 2, ramp-up: 0s}";
  private static final String LONG = BREAKER.formatted("1h");

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  /** Does what the mood of the moment says for each request. */
  private enum Mood {
    WELL {
      @Override
      boolean answer(Wire wire) throws Exception {
        wire.send(ok("well"));
        return true;
      }
    },
    UNAVAILABLE {
      @Override
      boolean answer(Wire wire) throws Exception {
        wire.send("HTTP/1.1 503 Down\r\ncontent-length: 4\r\n\r\ndown");
        return true;
      }
    },
    NOT_FOUND {
      @Override
      boolean answer(Wire wire) throws Exception {
        wire.send("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        return true;
      }
    },
    RESETTING {
      @Override
      boolean answer(Wire wire) throws Exception {
        wire.reset();
        return false;
      }
    },
    BREAKING_OFF {
      @Override
      boolean answer(Wire wire) throws Exception {
        wire.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun");
        return false;
      }
    },
    SILENT {
      @Override
      boolean answer(Wire wire) throws Exception {
        wire.awaitEnd();
        return false;
      }
    };

    abstract boolean answer(Wire wire) throws Exception;
  }

  private final AtomicInteger asked = new AtomicInteger();
  private volatile Mood mood = Mood.WELL;

  private RawUpstream moody() {
    edge.expectWarning("upstream svc: breaker-");
    return edge.service(
        wire -> {
          do {
            wire.readRequest();
            asked.incrementAndGet();
          } while (mood.answer(wire));
        });
  }

  private void fourTimes(Mood now) throws Exception {
    mood = now;
    for (int i = 0; i < 4; i++) {
      Wire client = edge.client().send(request("GET", "/svc/a"));
      client.readHead();
      if (now == Mood.BREAKING_OFF) {
        client.awaitEnd();
      }
    }
  }

  private void assertTurnsAway() throws Exception {
    await().until(() -> edge.breaker().equals("open"));
    int before = asked.get();

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("BREAKER_OPEN");
    assertThat(Integer.parseInt(String.valueOf(answer.field("retry-after")))).isPositive();
    assertThat(answer.field("proxy-status")).contains("error=destination_unavailable");
    assertThat(asked).hasValue(before);
    await()
        .until(
            () ->
                edge.records().stream()
                    .anyMatch(
                        line ->
                            line.attempts() == 0
                                && line.decisions().equals(List.of("breaker-open:open"))));
  }

  @Test
  void answersOf5xxOpenIt() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE, LONG);

    fourTimes(Mood.UNAVAILABLE);

    assertTurnsAway();
  }

  @Test
  void resetsOpenIt() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE, LONG);

    fourTimes(Mood.RESETTING);

    assertTurnsAway();
  }

  @Test
  void bodiesThatBreakOffOpenIt() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE, LONG);

    fourTimes(Mood.BREAKING_OFF);

    assertTurnsAway();
  }

  @Test
  void triesThatTakeTooLongOpenIt() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE + ", timeout: {per-try: 50ms}", LONG);

    fourTimes(Mood.SILENT);

    assertTurnsAway();
  }

  @Test
  void deadlinesThatPassOpenIt() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE + ", timeout: {total: 80ms}", LONG);

    fourTimes(Mood.SILENT);

    assertTurnsAway();
  }

  @Test
  void refusedConnectionsOpenIt() throws Exception {
    RawUpstream service = moody();
    int port = service.port();
    service.close();
    edge.route(port, ONCE, LONG);

    fourTimes(Mood.WELL);

    assertTurnsAway();
  }

  @Test
  void slowAnswersOpenIt() throws Exception {
    edge.expectWarning("upstream svc: breaker-");
    RawUpstream service =
        edge.service(
            wire -> {
              while (true) {
                wire.readRequest();
                wire.silentFor(30);
                wire.send(ok("slow"));
              }
            });
    edge.route(
        service,
        ONCE,
        "circuit-breaker: {window: 4, open-for: 1h, slow-call: 10ms, slow-call-rate: 100%}");

    fourTimes(Mood.WELL);

    assertTurnsAway();
  }

  @Test
  void eachTryOfARetriedRequestCounts() throws Exception {
    RawUpstream service = moody();
    edge.route(service, "retry: {max-attempts: 4}", LONG);
    mood = Mood.UNAVAILABLE;

    assertThat(edge.get("/svc/a").status()).isEqualTo(503);

    assertTurnsAway();
  }

  @Test
  void answersOf4xxDoNot() throws Exception {
    edge.route(moody(), ONCE, LONG);

    fourTimes(Mood.NOT_FOUND);
    fourTimes(Mood.NOT_FOUND);

    assertThat(edge.breaker()).isEqualTo("closed");
  }

  @Test
  void clientsThatGoAwayDoNot() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE, LONG);
    mood = Mood.SILENT;
    for (int i = 0; i < 8; i++) {
      Wire client = edge.client().send(request("GET", "/svc/a"));
      int reached = i + 1;
      await().until(() -> asked.get() == reached);
      client.reset();
    }
    edge.awaitIdle();

    assertThat(edge.breaker()).isEqualTo("closed");
  }

  @Test
  void clientsThatSendSlowlyDoNot() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.awaitEnd();
            });
    edge.route(service, ONCE + ", timeout: {per-try: 50ms}", LONG);
    for (int i = 0; i < 8; i++) {
      Wire client =
          edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 9\r\n\r\nhalf");
      assertThat(client.readAnswer().body()).contains("UPSTREAM_TIMEOUT");
    }

    assertThat(edge.breaker()).isEqualTo("closed");
  }

  @Test
  void bodiesOfClientsThatBreakOffDoNot() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.awaitEnd();
            });
    edge.route(service, ONCE, LONG);
    for (int i = 0; i < 8; i++) {
      edge.client()
          .send("POST /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")
          .awaitEnd();
    }
    edge.awaitIdle();

    assertThat(edge.breaker()).isEqualTo("closed");
  }

  @Test
  void aFullBulkheadDoesNot() throws Exception {
    Semaphore answers = new Semaphore(0);
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readRequest();
              answers.acquire();
              wire.send(ok("served"));
            });
    edge.route(service, ONCE, LONG + ", bulkhead: {max-concurrent: 1, max-waiting: 0}");
    Wire first = edge.client().send(request("GET", "/svc/a"));
    await().until(() -> edge.bulkhead().inUse() == 1);
    for (int i = 0; i < 20; i++) {
      assertThat(edge.get("/svc/a").body()).contains("BULKHEAD_FULL");
    }

    assertThat(edge.breaker()).isEqualTo("closed");
    answers.release();
    assertThat(first.readAnswer().body()).isEqualTo("served");
  }

  @Test
  void itClosesWhenTheServiceIsWellAgain() throws Exception {
    edge.route(moody(), ONCE, BREAKER.formatted("200ms"));
    fourTimes(Mood.UNAVAILABLE);
    assertThat(edge.breaker()).isEqualTo("open");

    mood = Mood.WELL;
    await().until(() -> edge.get("/svc/a").status() == 200);
    assertThat(edge.get("/svc/a").body()).isEqualTo("well");
    await().until(() -> edge.breaker().equals("closed"));

    for (int i = 0; i < 10; i++) {
      assertThat(edge.get("/svc/a").body()).isEqualTo("well");
    }
  }

  @Test
  void itOpensAgainWhenTheServiceIsNot() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE, BREAKER.formatted("100ms"));
    fourTimes(Mood.RESETTING);
    await().until(() -> edge.get("/svc/a").body().contains("UPSTREAM_"));
    edge.get("/svc/a");

    await().until(() -> edge.get("/svc/a").body().contains("BREAKER_OPEN"));
  }

  @Test
  void itStaysOpenOverReloads() throws Exception {
    RawUpstream service = moody();
    edge.route(service, ONCE, LONG);
    fourTimes(Mood.UNAVAILABLE);
    mood = Mood.WELL;

    edge.route(service, "retry: {max-attempts: 2}", LONG);
    assertTurnsAway();
    edge.route(service, ONCE, BREAKER.formatted("30m"));
    assertTurnsAway();
    edge.route(service, ONCE, "circuit-breaker: none");

    assertThat(edge.get("/svc/a").body()).isEqualTo("well");
  }
}

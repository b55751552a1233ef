package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many tries run at a service, over real connections on three event loops. */
class BulkheadIT {
  private static final String ONCE = "retry: {max-attempts: 1}";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final Semaphore answers = new Semaphore(0);
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();

  /** Answers one request for each permit of the test. */
  private RawUpstream permitted() {
    return edge.service(
        wire -> {
          while (true) {
            wire.readRequest();
            peak.accumulateAndGet(busy.incrementAndGet(), Math::max);
            answers.acquire();
            busy.decrementAndGet();
            wire.send(ok("served"));
          }
        });
  }

  private Wire asking() throws IOException {
    return edge.client().send(request("GET", "/svc/a"));
  }

  private List<Wire> asking(int clients) throws IOException {
    List<Wire> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(asking());
    }
    return all;
  }

  private void awaitCounts(int inUse, int waiting) {
    await()
        .untilAsserted(
            () -> {
              assertThat(edge.bulkhead().inUse()).as("in use").isEqualTo(inUse);
              assertThat(edge.bulkhead().waiting()).as("waiting").isEqualTo(waiting);
            });
  }

  private static void assertFull(Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("BULKHEAD_FULL");
    assertThat(answer.field("retry-after")).isEqualTo("1");
    assertThat(answer.field("proxy-status")).contains("error=connection_limit_reached");
  }

  @Test
  void whatIsTooMuchWaitsAndWhatIsMoreIsTurnedAway() throws Exception {
    edge.route(
        permitted(),
        ONCE,
        "bulkhead: {max-concurrent: 2, max-waiting: 4, max-wait: 20s}, circuit-breaker: none");
    List<Wire> clients = asking(6);
    awaitCounts(2, 4);

    assertFull(asking().readAnswer());
    answers.release(6);

    for (Wire client : clients) {
      assertThat(client.readAnswer().body()).isEqualTo("served");
    }
    assertThat(peak).hasValue(2);
    await()
        .until(
            () ->
                edge.records().stream()
                    .anyMatch(line -> line.decisions().equals(List.of("bulkhead-full:queue"))));
  }

  @Test
  void nobodyWaitsLongerThanMaxWait() throws Exception {
    edge.route(permitted(), ONCE, "bulkhead: {max-concurrent: 1, max-waiting: 4, max-wait: 50ms}");
    Wire first = asking();
    awaitCounts(1, 0);

    assertFull(asking().readAnswer());
    assertThat(edge.record(0).decisions()).containsExactly("bulkhead-wait", "bulkhead-full:wait");
    assertThat(edge.record(0).attempts()).isZero();

    answers.release();
    assertThat(first.readAnswer().status()).isEqualTo(200);
  }

  @Test
  void aDeadlineEndsTheWaitAsADeadline() throws Exception {
    edge.route(
        permitted(),
        ONCE + ", timeout: {total: 150ms}",
        "bulkhead: {max-concurrent: 1, max-waiting: 4, max-wait: 20s}, circuit-breaker: none");
    Wire first = asking();
    awaitCounts(1, 0);

    Answer second = asking().readAnswer();

    assertThat(second.status()).isEqualTo(504);
    assertThat(second.body()).contains("DEADLINE_EXCEEDED");
    assertThat(first.readAnswer().status()).isEqualTo(504);
    awaitCounts(0, 0);
  }

  @Test
  void aWaitingClientThatGoesLeavesTheQueueAtOnce() throws Exception {
    edge.route(permitted(), ONCE, "bulkhead: {max-concurrent: 1, max-waiting: 4, max-wait: 20s}");
    Wire first = asking();
    awaitCounts(1, 0);
    List<Wire> waiting = asking(4);
    awaitCounts(1, 4);

    waiting.get(1).close();
    waiting.get(2).reset();
    awaitCounts(1, 2);
    answers.release(3);

    assertThat(first.readAnswer().status()).isEqualTo(200);
    assertThat(waiting.get(0).readAnswer().status()).isEqualTo(200);
    assertThat(waiting.get(3).readAnswer().status()).isEqualTo(200);
  }

  @Test
  void aPermitIsHeldToTheLastByte() throws Exception {
    Semaphore rest = new Semaphore(0);
    RawUpstream service =
        edge.service(
            wire -> {
              while (true) {
                wire.readRequest();
                wire.send("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf");
                rest.acquire();
                wire.send("half");
              }
            });
    edge.route(service, ONCE, "bulkhead: {max-concurrent: 1, max-waiting: 1, max-wait: 20s}");
    Wire first = asking();
    first.readHead();
    assertThat(first.read(4)).isEqualTo("half");
    Wire second = asking();
    awaitCounts(1, 1);

    rest.release();
    assertThat(first.read(4)).isEqualTo("half");

    assertThat(second.readHead().status()).isEqualTo(200);
    awaitCounts(1, 0);
    rest.release();
    assertThat(second.read(8)).isEqualTo("halfhalf");
  }

  @Test
  void limitsChangeLiveAndPermitsThatAreOutCount() throws Exception {
    RawUpstream service = permitted();
    String limits = "bulkhead: {max-concurrent: %d, max-waiting: 9, max-wait: 20s}";
    edge.route(service, ONCE, limits.formatted(3));
    List<Wire> clients = asking(4);
    awaitCounts(3, 1);

    edge.route(service, ONCE, limits.formatted(1));
    answers.release(2);
    awaitCounts(1, 1);
    edge.route(service, ONCE, limits.formatted(2));
    awaitCounts(2, 0);
    answers.release(2);

    for (Wire client : clients) {
      assertThat(client.readAnswer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aThousandAbortsLeaveNoPermitBehind(boolean answered) throws Exception {
    edge.expectWarning("Error finishing response");
    RawUpstream service =
        edge.service(
            wire -> {
              while (true) {
                wire.readRequest();
                if (answered) {
                  wire.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun");
                }
                wire.awaitEnd();
              }
            });
    edge.route(service, ONCE, "bulkhead: {max-concurrent: 20, max-waiting: 50, max-wait: 20s}");
    ExecutorService clients = Executors.newFixedThreadPool(40);
    try {
      List<Callable<Boolean>> aborts = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        boolean byReset = i % 2 == 0;
        aborts.add(() -> abort(byReset));
      }
      for (Future<Boolean> abort : clients.invokeAll(aborts)) {
        abort.get();
      }
    } finally {
      clients.shutdownNow();
    }

    awaitCounts(0, 0);
    assertThat(edge.breaker()).isEqualTo("closed");
  }

  private boolean abort(boolean byReset) throws IOException {
    Wire client = asking();
    client.silentFor(1 + (byReset ? 5 : 0));
    if (byReset) {
      client.reset();
    } else {
      client.close();
    }
    return byReset;
  }

  @Test
  void anotherServiceFeelsNothingOfOneAtItsLimit() throws Exception {
    RawUpstream slow = permitted();
    RawUpstream fast = edge.answering(ok("fast"));
    edge.table(
        """
        upstreams:
          svc:
            endpoints: ["http://127.0.0.1:%d"]
            bulkhead: {max-concurrent: 2, max-waiting: 50, max-wait: 20s}
            circuit-breaker: none
          fast: {endpoints: ["http://127.0.0.1:%d"]}
        routes:
          svc: {match: {path: /svc/**}, upstream: svc, retry: {max-attempts: 1}}
          fast: {match: {path: /fast}, upstream: fast}
        """
            .formatted(slow.port(), fast.port()));
    List<Wire> held = asking(52);
    awaitCounts(2, 50);

    Wire client = edge.client();
    for (int i = 0; i < 300; i++) {
      assertThat(client.send(request("GET", "/fast")).readAnswer().body()).isEqualTo("fast");
      if (i % 3 == 0) {
        assertFull(asking().readAnswer());
      }
    }

    assertThat(edge.records())
        .filteredOn(line -> "fast".equals(line.route()))
        .allMatch(line -> line.decisions().isEmpty());
    answers.release(52);
    for (Wire one : held) {
      assertThat(one.readAnswer().status()).isEqualTo(200);
    }
  }
}

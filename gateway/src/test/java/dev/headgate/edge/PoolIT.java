package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit of connections, over event loops, and those who wait for one. */
class PoolIT {
  private static final String ONCE = "retry: {max-attempts: 1}";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final Semaphore answers = new Semaphore(0);
  private final CountDownLatch reached = new CountDownLatch(1);

  /** Answers one request for each permit. */
  private RawUpstream permitted() {
    return edge.service(
        wire -> {
          while (true) {
            wire.readRequest();
            reached.countDown();
            answers.acquire();
            wire.send(ok("served"));
          }
        });
  }

  /** One client that has the only connection, and one on another loop or the same that waits. */
  private Wire[] oneServedOneWaiting(int loopsApart) throws Exception {
    Wire first = edge.client();
    for (int i = 1; i < loopsApart; i++) {
      edge.client();
    }
    Wire second = edge.client();
    first.send(request("GET", "/svc/a"));
    reached.await();
    second.send(request("GET", "/svc/b"));
    await().until(() -> edge.pool().waiting() == 1);
    return new Wire[] {first, second};
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whoWaitsIsServedOnWhateverLoop(int loopsApart) throws Exception {
    edge.route(permitted(), ONCE, "connect-timeout: 10s, pool: {max-connections: 1}");
    Wire[] clients = oneServedOneWaiting(loopsApart);

    answers.release(2);

    assertThat(clients[0].readAnswer().body()).isEqualTo("served");
    assertThat(clients[1].readAnswer().body()).isEqualTo("served");
    assertThat(edge.pool().open()).isEqualTo(1);
  }

  @Test
  void anIdleConnectionOfAnotherLoopMakesRoom() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service, ONCE, "connect-timeout: 10s, pool: {max-connections: 1}");

    for (int i = 0; i < 7; i++) {
      assertThat(edge.get("/svc/a").body()).isEqualTo("hello");
    }

    assertThat(edge.pool().open()).isEqualTo(1);
    assertThat(service.accepted()).isBetween(2, 7);
  }

  @Test
  void aWaiterThatGoesAwayIsForgotten() throws Exception {
    edge.route(permitted(), ONCE, "connect-timeout: 10s, pool: {max-connections: 1}");
    Wire[] clients = oneServedOneWaiting(1);

    clients[1].reset();

    await().until(() -> edge.pool().waiting() == 0);
    answers.release(2);
    assertThat(clients[0].readAnswer().body()).isEqualTo("served");
    assertThat(edge.get("/svc/c").body()).isEqualTo("served");
  }

  @Test
  void aWaiterWaitsNoLongerThanItsLimit() throws Exception {
    edge.route(permitted(), ONCE, "connect-timeout: 200ms, pool: {max-connections: 1}");
    Wire[] clients = oneServedOneWaiting(1);

    Answer answer = clients[1].readAnswer();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("POOL_EXHAUSTED");
    assertThat(answer.field("proxy-status")).contains("connection_limit_reached");
    answers.release();
    assertThat(clients[0].readAnswer().body()).isEqualTo("served");
  }

  @Test
  void whoFindsTheQueueFullIsRefusedAtOnce() throws Exception {
    edge.route(permitted(), ONCE, "connect-timeout: 10s, pool: {max-connections: 1}");
    Wire[] clients = oneServedOneWaiting(1);

    assertThat(edge.get("/svc/c").status()).isEqualTo(503);

    answers.release(2);
    assertThat(clients[0].readAnswer().body()).isEqualTo("served");
    assertThat(clients[1].readAnswer().body()).isEqualTo("served");
  }

  @Test
  void whoWaitsGetsANewConnectionWhereTheServiceEndsTheFirst() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              reached.countDown();
              answers.acquire();
              // No length: its end is the connection's.
              wire.send("HTTP/1.1 200 OK\r\n\r\nserved");
            }),
        ONCE,
        "connect-timeout: 10s, pool: {max-connections: 1}");
    Wire[] clients = oneServedOneWaiting(3);

    answers.release(2);

    assertThat(clients[0].readAnswer().body()).isEqualTo("served");
    Answer second = clients[1].readAnswer();
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo("served");
  }

  @Test
  void whoWaitsIsServedWhereConnectingFails() throws Exception {
    edge.route(
        UpstreamFailureIT.unusedPort(), ONCE, "connect-timeout: 10s, pool: {max-connections: 1}");
    List<Wire> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      clients.add(edge.client().send(request("GET", "/svc/" + i)));
    }

    for (Wire client : clients) {
      assertThat(client.readAnswer().status()).isIn(502, 503);
    }
  }

  /** Many clients over all loops and few connections: nobody may be forgotten. */
  @Test
  void nobodyIsForgottenInACrowd() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service, ONCE, "connect-timeout: 15s, pool: {max-connections: 8}");
    edge.port();
    ExecutorService crowd = Executors.newFixedThreadPool(16);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Wire client = edge.client();
        work.add(
            () -> {
              int served = 0;
              for (int n = 0; n < 150; n++) {
                served +=
                    client.send(request("GET", "/svc/a")).readAnswer().status() == 200 ? 1 : 0;
              }
              return served;
            });
      }
      for (Future<Integer> done : crowd.invokeAll(work)) {
        assertThat(done.get()).isEqualTo(150);
      }
    } finally {
      crowd.shutdownNow();
    }
    assertThat(edge.pool().open()).isLessThanOrEqualTo(8);
  }
}

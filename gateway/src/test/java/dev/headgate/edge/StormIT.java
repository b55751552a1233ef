package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many exchanges at once, ended by either side wherever chance has it. */
class StormIT {
  private static final int CLIENTS = 200;
  private static final int AT_ONCE = 40;

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private void moodyService(int seed) {
    edge.route(
        edge.service(
            wire -> {
              while (true) {
                Head head = wire.readHead();
                Random chance = new Random(seed + head.target().hashCode());
                if (chance.nextInt(4) > 0) {
                  wire.readBodyOf(withLength(head));
                }
                answer(wire, chance);
              }
            }),
        "retry: {max-attempts: 2}, timeout: {total: 5s, idle: 2s}",
        "connect-timeout: 5s, pool: {max-connections: 64}, circuit-breaker: none");
  }

  private static Head withLength(Head head) {
    if (head.field("content-length") != null || head.field("transfer-encoding") != null) {
      return head;
    }
    List<String> fields = new ArrayList<>(head.fields());
    fields.add("content-length: 0");
    return new Head(head.startLine(), fields);
  }

  private static void answer(Wire wire, Random chance) throws IOException {
    String body = "x".repeat(chance.nextInt(50_000));
    switch (chance.nextInt(10)) {
      case 0 -> wire.reset();
      case 1 -> wire.close();
      case 2 -> wire.send("HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n");
      case 3 -> {
        wire.send("HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n" + body);
        wire.reset();
      }
      case 4 -> {
        wire.send("HTTP/1.1 200 OK\r\n\r\n" + body);
        wire.close();
      }
      case 5, 6 -> {
        wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        wire.sendChunk("begun").sendChunk(body + "x").send("0\r\n\r\n");
      }
      default -> wire.send(ok(body));
    }
  }

  private int client(int n, Random chance) throws IOException {
    Wire client = edge.client();
    String body = "y".repeat(chance.nextInt(30_000));
    String sent =
        switch (chance.nextInt(4)) {
          case 0 -> request("GET", "/svc/" + n).repeat(1 + chance.nextInt(3));
          case 1 -> request("POST", "/svc/" + n, body);
          case 2 -> request("GET", "/svc/" + n) + request("POST", "/spring/echo", body);
          default ->
              "POST /svc/%d HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n%s"
                  .formatted(n, chance.nextBoolean() ? "0\r\n\r\n" : "zz");
        };
    try {
      client.send(chance.nextInt(3) == 0 ? sent.substring(0, chance.nextInt(sent.length())) : sent);
      switch (chance.nextInt(4)) {
        case 0 -> client.silentFor(1 + chance.nextInt(20));
        case 1 -> client.silentFor(200);
        case 2 -> {
          if (!client.silentFor(200)) {
            client.readHead();
          }
        }
        default -> {
          // Away at once.
        }
      }
    } catch (IOException e) {
      // The service's mood, passed on.
    }
    if (chance.nextBoolean()) {
      client.reset();
    } else {
      client.close();
    }
    return n;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void nothingIsLeftOfAStorm(int seed) throws Exception {
    // Reactor Netty's own of a client that has gone.
    edge.expectWarning("Error finishing response");
    moodyService(seed);
    edge.port();
    ExecutorService storm = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int n = i;
        work.add(() -> client(n, new Random(seed * 1_000L + n)));
      }
      for (Future<Integer> done : storm.invokeAll(work)) {
        done.get();
      }
    } finally {
      storm.shutdownNow();
    }
    edge.awaitIdle();
    await().until(() -> edge.drain().connections() == 0);

    Wire calm = edge.client();
    for (int n = 1; n <= 3; n++) {
      Answer answer = calm.send(request("GET", "/local")).readAnswer();
      assertThat(answer.body()).isEqualTo("local");
    }
    assertThat(edge.get("/svc/calm").status()).isIn(200, 502, 503);
  }
}

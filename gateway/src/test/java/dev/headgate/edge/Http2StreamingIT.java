package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.request;
import static dev.headgate.edge.Http2UpstreamIT.H2C;
import static dev.headgate.edge.Http2UpstreamIT.ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Wire;
import dev.headgate.testing.Http2Wire.Frame;
import dev.headgate.testing.Http2Wire.Request;
import dev.headgate.testing.Wire;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flow control over HTTP/2 to the service, end to end, and what storms leave behind. */
@Timeout(120)
class Http2StreamingIT {
  private static final int LARGE = 256 * 1024 * 1024;
  private static final int BLOCK = 64 * 1024;

  /** What may lie between the two ends: the kernel's buffers of one connection, and our own. */
  private static final long HELD_AT_MOST = 16 * 1024 * 1024;

  /** What the gateway's own buffers may grow by meanwhile: a few arenas' chunks. */
  private static final long MEMORY_AT_MOST = 32 * 1024 * 1024;

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private void service(Http2UpstreamIT.Script script, int... settings) {
    edge.route(
        edge.service(wire -> script.run(Http2Wire.accept(wire, settings))),
        ONCE + ", timeout: {total: 5m, per-try: 1m}",
        H2C);
  }

  private static long memory() {
    return PlatformDependent.usedDirectMemory();
  }

  @Test
  void aClientThatReadsSlowlyHoldsTheServiceBackAndMemoryStaysFlat() throws Exception {
    AtomicLong sent = new AtomicLong();
    service(
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 200", "content-length: " + LARGE);
          byte[] block = new byte[BLOCK];
          for (long at = 0; at < LARGE; at += BLOCK) {
            wire.stream(stream, block);
            sent.addAndGet(BLOCK);
          }
          wire.data(stream, "", true);
          wire.wire().awaitEnd();
        });
    long before = memory();
    Wire client = edge.slowReadingClient().send(request("GET", "/svc/a"));

    assertThat(Stalls.awaitStandstill(sent::get)).isLessThan(HELD_AT_MOST);

    assertThat(client.readHead().field("content-length")).isEqualTo(Integer.toString(LARGE));
    long peak = 0;
    for (long at = 0; at < LARGE; at += BLOCK) {
      client.read(BLOCK);
      peak = Math.max(peak, memory() - before);
    }
    assertThat(peak).isLessThan(MEMORY_AT_MOST);
    assertThat(edge.record(0).bytesOut()).isEqualTo(LARGE);
  }

  @Test
  void aServiceThatReadsSlowlyHoldsTheClientBackAndMemoryStaysFlat() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    service(
        wire -> {
          Request request = wire.readRequest();
          goOn.await();
          long received = 0;
          while (received < LARGE) {
            Frame frame = wire.awaitOn(request.stream());
            received += frame.text().length();
            wire.giveBack(frame);
          }
          wire.answer(request.stream(), Long.toString(received));
          wire.wire().awaitEnd();
        });
    long before = memory();
    AtomicLong sent = new AtomicLong();
    AtomicLong peak = new AtomicLong();
    Wire client = edge.client();
    client.send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: " + LARGE + "\r\n\r\n");
    Thread upload =
        new Thread(
            () -> {
              byte[] block = new byte[BLOCK];
              try {
                for (long at = 0; at < LARGE; at += BLOCK) {
                  client.send(block);
                  sent.addAndGet(BLOCK);
                  peak.accumulateAndGet(memory() - before, Math::max);
                }
              } catch (IOException e) {
                // Told by what the test looks at.
              }
            });
    upload.start();

    assertThat(Stalls.awaitStandstill(sent::get)).isLessThan(HELD_AT_MOST);

    goOn.countDown();
    assertThat(client.readAnswer().body()).isEqualTo(Integer.toString(LARGE));
    upload.join();
    assertThat(peak.get()).isLessThan(MEMORY_AT_MOST);
  }

  /** All share one connection: one that is not read must not keep the others from their bytes. */
  @Test
  void aSlowReaderHoldsBackNobodyElse() throws Exception {
    service(
        wire -> {
          int slow = wire.readRequest().stream();
          wire.headers(slow, false, ":status: 200");
          // As much as its window takes.
          wire.stream(slow, new byte[128 * 1024]);
          int quick = wire.readRequest().stream();
          wire.headers(quick, false, ":status: 200", "content-length: " + 4 * 1024 * 1024);
          wire.stream(quick, new byte[4 * 1024 * 1024]);
          wire.data(quick, "", true);
          wire.wire().awaitEnd();
        });
    Wire slow = edge.slowReadingClient().send(request("GET", "/svc/slow"));
    slow.readHead();
    edge.client();
    edge.client();
    Wire quick = edge.client().send(request("GET", "/svc/quick"));

    Head head = quick.readHead();
    assertThat(quick.readBodyOf(head).body()).hasSize(4 * 1024 * 1024);
    assertThat(edge.pool().open()).isEqualTo(1);
    slow.reset();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void nothingIsLeftOfAStorm(int seed) throws Exception {
    edge.route(
        edge.service(wire -> moody(Http2Wire.accept(wire, 3, 10), new Random(seed))),
        "retry: {max-attempts: 2}, timeout: {total: 5s, idle: 2s}",
        H2C + ", pool: {max-connections: 8}, circuit-breaker: none");
    edge.port();
    ExecutorService storm = Executors.newFixedThreadPool(40);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        int n = i;
        work.add(() -> visit(n, new Random(seed * 1_000L + n)));
      }
      for (Future<Integer> done : storm.invokeAll(work)) {
        done.get();
      }
    } finally {
      storm.shutdownNow();
    }
    edge.awaitIdle();
    await().until(() -> edge.drain().connections() == 0);
  }

  private static void moody(Http2Wire wire, Random chance) throws IOException {
    while (true) {
      int stream = wire.readRequest().stream();
      switch (chance.nextInt(12)) {
        case 0 -> wire.reset(stream, 7);
        case 1 -> wire.reset(stream, 2);
        case 2 -> wire.headers(stream, false, ":status: 200").reset(stream, 8);
        case 3 -> wire.headers(stream, false, ":status: 200").data(stream, "begun", false);
        case 4 -> {
          if (chance.nextInt(5) == 0) {
            wire.goAway(stream, 0);
          }
          wire.answer(stream, "going");
        }
        case 5 -> {
          if (chance.nextInt(5) == 0) {
            wire.wire().reset();
          }
          wire.answer(stream, "x");
        }
        case 6 -> wire.headers(stream, true, ":status: 200", "X-Bad: 1");
        default -> {
          wire.headers(stream, false, ":status: 200");
          wire.data(stream, "y".repeat(chance.nextInt(10_000)), true);
        }
      }
    }
  }

  private int visit(int n, Random chance) throws IOException {
    Wire client = edge.client();
    String body = "z".repeat(chance.nextInt(20_000));
    try {
      client.send(
          chance.nextBoolean()
              ? request("GET", "/svc/" + n)
              : request("POST", "/svc/" + n, body).substring(0, 60 + body.length() / 2));
      switch (chance.nextInt(3)) {
        case 0 -> client.silentFor(1 + chance.nextInt(20));
        case 1 -> {
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

  @Test
  void nobodyIsForgottenInACrowd() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              Http2Wire server = Http2Wire.accept(wire, Http2Wire.MAX_CONCURRENT_STREAMS, 3);
              while (true) {
                server.answer(server.readRequest().stream(), "hello");
              }
            }),
        ONCE,
        "protocol: h2c, connect-timeout: 15s, pool: {max-connections: 4}");
    edge.port();
    ExecutorService crowd = Executors.newFixedThreadPool(24);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        Wire client = edge.client();
        work.add(
            () -> {
              int served = 0;
              for (int n = 0; n < 100; n++) {
                Answer answer = client.send(request("GET", "/svc/a")).readAnswer();
                served += answer.status() == 200 ? 1 : 0;
              }
              return served;
            });
      }
      for (Future<Integer> done : crowd.invokeAll(work)) {
        assertThat(done.get()).isEqualTo(100);
      }
    } finally {
      crowd.shutdownNow();
    }
    assertThat(edge.pool().open()).isLessThanOrEqualTo(4);
  }

  /** Few connections and many event loops: a loop without one gets one. */
  @Test
  void oneConnectionServesAllLoopsInTurn() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              Http2Wire server = Http2Wire.accept(wire);
              while (true) {
                server.answer(server.readRequest().stream(), "hello");
              }
            }),
        ONCE,
        "protocol: h2c, connect-timeout: 15s, pool: {max-connections: 1}");

    for (int i = 0; i < 7; i++) {
      assertThat(edge.get("/svc/a").body()).isEqualTo("hello");
    }

    assertThat(edge.pool().open()).isEqualTo(1);
  }
}

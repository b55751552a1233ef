package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.UpstreamConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connections to a service: how many, for how long. */
@Once
class PoolIT {
  private static final AtomicInteger BUSY = new AtomicInteger();
  private static final AtomicInteger PEAK = new AtomicInteger();
  private static final ScriptedUpstream LIMITED = ScriptedUpstream.playing(PoolIT::busy);
  private static final ScriptedUpstream IDLE = ScriptedUpstream.answering(r -> Answer.ok("idle"));
  private static final ScriptedUpstream AGING = ScriptedUpstream.answering(r -> Answer.ok("aging"));

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("limited", LIMITED.url())
              .with("idle", IDLE.url())
              .with("aging", AGING.url())
              .upstreams(
                  """
                  upstreams:
                    limited: {endpoints: ["@limited@"], pool: {max-connections: 2}}
                    idle: {endpoints: ["@idle@"], pool: {max-idle: 1s}}
                    aging: {endpoints: ["@aging@"], pool: {max-life: 1s}}
                  """)
              .routes(
                  """
                  routes:
                    limited: {match: {path: /limited}, upstream: limited}
                    idle: {match: {path: /idle}, upstream: idle}
                    aging: {match: {path: /aging}, upstream: aging}
                  """));

  // A connection is busy from its request to just before its answer: when it closes, the gateway
  // may
  // have opened the next before this side's thread has seen it.
  private static void busy(UpstreamConnection connection) throws Exception {
    while (connection.read() != null) {
      PEAK.accumulateAndGet(BUSY.incrementAndGet(), Math::max);
      connection.pause(Duration.ofMillis(100));
      BUSY.decrementAndGet();
      connection.ok("limited");
    }
  }

  @Test
  void connectionsStayWithinTheLimit() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 36; i++) {
        calls.add(() -> RawHttp.get(GATEWAY.port(), "/limited").status());
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> call : threads.invokeAll(calls)) {
        statuses.add(call.get());
      }
      assertThat(statuses).contains(200).allMatch(status -> status == 200 || status == 503);
      assertThat(PEAK.get()).isBetween(1, 2);
      Awaitility.await().untilAsserted(() -> assertThat(LIMITED.open()).isLessThanOrEqualTo(2));
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < 10; i++) {
      assertThat(RawHttp.get(GATEWAY.port(), "/limited").status()).isEqualTo(200);
    }
  }

  @Test
  void anIdleConnectionIsClosedAfterMaxIdle() throws Exception {
    assertThat(RawHttp.get(GATEWAY.port(), "/idle").text()).isEqualTo("idle");
    Awaitility.await()
        .atMost(Duration.ofSeconds(6))
        .untilAsserted(() -> assertThat(IDLE.open()).isZero());
    assertThat(RawHttp.get(GATEWAY.port(), "/idle").text()).isEqualTo("idle");
  }

  @Test
  void aConnectionIsReplacedAfterMaxLife() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /aging").response("GET");
      int before = AGING.accepted();
      Awaitility.await()
          .atMost(Duration.ofSeconds(6))
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(
              () -> {
                assertThat(http.request("GET /aging").response("GET").text()).isEqualTo("aging");
                assertThat(AGING.accepted()).isGreaterThan(before);
              });
    }
  }
}

package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Bulkhead and breaker as one writes them, told by answers, metrics and the access log. */
@Alone
@Once
class ResilienceIT {
  private static final Semaphore ANSWERS = new Semaphore(0);
  private static volatile boolean well;

  private static final ScriptedUpstream PAYMENTS =
      ScriptedUpstream.playing(
          connection -> {
            while (connection.read() != null) {
              ANSWERS.acquire();
              connection.ok("paid");
            }
          });
  private static final ScriptedUpstream FLAKY =
      ScriptedUpstream.answering(
          request -> well ? Answer.ok("well") : Answer.of("500 Internal Server Error", "down"));
  private static final ScriptedUpstream OTHER =
      ScriptedUpstream.answering(request -> Answer.ok("other"));

  private static final String ROUTES =
      """
      routes:
        charge: {match: {path: /payments/**}, upstream: payments, retry: {max-attempts: 1}}
        refund: {match: {path: /refunds/**}, upstream: payments, retry: {max-attempts: 1}}
        flaky: {match: {path: /flaky/**}, upstream: flaky, retry: {max-attempts: 1}}
        other: {match: {path: /other}, upstream: other}
        bare: {match: {path: /bare}, upstream: bare}
      """;

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("payments", PAYMENTS.url())
              .with("flaky", FLAKY.url())
              .with("other", OTHER.url())
              .upstreams(
                  """
                  upstreams:
                    payments:
                      endpoints: ["@payments@"]
                      bulkhead: {max-concurrent: 10, max-waiting: 20, max-wait: 100ms}
                      circuit-breaker: {failure-rate: 50%, slow-call: 2s, slow-call-rate: 80%, window: 100, minimum-calls: 20, open-for: 10s, half-open-calls: 5, ramp-up: 10s}
                    flaky:
                      endpoints: ["@flaky@"]
                      circuit-breaker: {window: 20, open-for: 1s, half-open-calls: 5, ramp-up: 1s}
                    other: {endpoints: ["@other@"]}
                    bare: {endpoints: ["@other@"], circuit-breaker: none, bulkhead: none}
                  """)
              .routes(ROUTES));

  private static void awaitMetric(String line) {
    Awaitility.await(line)
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(GATEWAY.process().metrics()).contains(line));
  }

  private static JsonNode awaitLine(Response response) {
    return GATEWAY.process().awaitAccess(response.need("x-request-id"));
  }

  private static RawHttp asking(String target) throws IOException {
    return RawHttp.to(GATEWAY.port()).request("GET " + target);
  }

  @Test
  void aServiceAtItsLimitHasAQueueOfItsOwn() throws Exception {
    List<RawHttp> running = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      // Two routes, one upstream, one bulkhead.
      running.add(asking(i % 2 == 0 ? "/payments/a" : "/refunds/a"));
    }
    awaitMetric("headgate_bulkhead_in_use{upstream=\"payments\"} 10.0");
    assertThat(GATEWAY.process().metrics())
        .contains("headgate_bulkhead_limit{upstream=\"payments\"} 10.0")
        .contains("headgate_bulkhead_waiting{upstream=\"payments\"} 0.0")
        .contains("headgate_bulkhead_limit{upstream=\"other\"} 1024.0")
        .doesNotContain("headgate_bulkhead_limit{upstream=\"bare\"")
        .doesNotContain("headgate_breaker_state{state=\"closed\",upstream=\"bare\"");

    long start = System.nanoTime();
    Response refused = RawHttp.get(GATEWAY.port(), "/payments/b");
    assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(100);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.errorCode()).isEqualTo("BULKHEAD_FULL");
    assertThat(refused.need("retry-after")).isEqualTo("1");
    assertThat(awaitLine(refused).path("decisions").toString())
        .isEqualTo("[\"bulkhead-wait\",\"bulkhead-full:wait\"]");
    assertThat(RawHttp.get(GATEWAY.port(), "/other").text()).isEqualTo("other");

    ANSWERS.release(10);
    for (RawHttp http : running) {
      assertThat(http.response("GET").text()).isEqualTo("paid");
      http.close();
    }
    awaitMetric("headgate_bulkhead_in_use{upstream=\"payments\"} 0.0");
    assertThat(GATEWAY.process().metrics())
        .contains("headgate_decisions_total{decision=\"bulkhead-full\",route=\"charge\"} 1.0")
        .contains("headgate_breaker_state{state=\"closed\",upstream=\"payments\"} 1.0");
  }

  @Test
  void aServiceThatFailsIsLeftAloneUntilItIsWell() throws Exception {
    well = false;
    for (int i = 0; i < 20; i++) {
      assertThat(RawHttp.get(GATEWAY.port(), "/flaky/a").text()).isEqualTo("down");
    }
    Response refused = RawHttp.get(GATEWAY.port(), "/flaky/a");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.errorCode()).isEqualTo("BREAKER_OPEN");
    assertThat(refused.need("retry-after")).isEqualTo("1");
    assertThat(awaitLine(refused).path("decisions").toString())
        .isEqualTo("[\"breaker-open:open\"]");
    assertThat(FLAKY.received()).hasSize(20);
    assertThat(GATEWAY.process().log()).contains("upstream flaky: breaker-opened");

    well = true;
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> RawHttp.get(GATEWAY.port(), "/flaky/a").text().equals("well"));
    awaitMetric("headgate_breaker_state{state=\"open\",upstream=\"flaky\"} 0.0");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              for (int i = 0; i < 20; i++) {
                assertThat(RawHttp.get(GATEWAY.port(), "/flaky/a").text()).isEqualTo("well");
              }
            });
    awaitMetric("headgate_breaker_state{state=\"closed\",upstream=\"flaky\"} 1.0");
    assertThat(GATEWAY.process().metrics())
        .contains("headgate_upstream_events_total{event=\"breaker-opened\",upstream=\"flaky\"} 1.0")
        .contains(
            "headgate_upstream_events_total{event=\"breaker-half-opened\",upstream=\"flaky\"} 1.0")
        .contains("headgate_upstream_events_total{event=\"breaker-closed\",upstream=\"flaky\"} 1.0")
        .contains("headgate_decisions_total{decision=\"breaker-open\",route=\"flaky\"}");
  }
}

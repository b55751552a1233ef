package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several endpoints of one service, some of which fail, in the real process. */
@Once
class BalancingIT {
  private static final AtomicBoolean WELL = new AtomicBoolean(true);
  private static final AtomicBoolean SERVES = new AtomicBoolean(true);
  private static final ScriptedUpstream A = ScriptedUpstream.answering(r -> checked(r, "a"));
  private static final ScriptedUpstream B = ScriptedUpstream.answering(r -> Answer.ok("b"));
  private static final ScriptedUpstream C = ScriptedUpstream.answering(BalancingIT::failing);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("a", A.url())
              .with("b", B.url())
              .with("c", C.url())
              .upstreams(
                  """
                  upstreams:
                    payments:
                      endpoints: ["@a@", "@b@", "@c@"]
                      load-balancing: least-requests          # round-robin, random-two, consistent-hash: {header: X-User}
                      health-check: {path: /health, interval: 5s, timeout: 1s, unhealthy-after: 3, healthy-after: 2}
                      outlier-ejection: {consecutive-failures: 5, base: 30s, max: 5m, max-ejected: 50%}
                    checked:
                      endpoints: ["@a@", "@b@"]
                      load-balancing: random-two
                      health-check: {path: /health, interval: 100ms, timeout: 1s, unhealthy-after: 2, healthy-after: 2}
                    hashed:
                      endpoints: ["@a@", "@b@", "@c@"]
                      load-balancing: {consistent-hash: {header: X-User}}
                  """)
              .routes(
                  """
                  routes:
                    charge: {match: {path: /payments/**}, upstream: payments, retry: {max-attempts: 1}}
                    checked: {match: {path: /checked}, upstream: checked, retry: {max-attempts: 1}}
                    hashed: {match: {path: /hashed}, upstream: hashed}
                  """));

  private static String checked(Received request, String name) {
    return !WELL.get() && request.target().equals("/health")
        ? Answer.of("503 Service Unavailable", "")
        : Answer.ok(name);
  }

  private static String failing(Received request) {
    return !SERVES.get() && request.target().startsWith("/payments")
        ? Answer.of("500 Internal Server Error", "")
        : Answer.ok("c");
  }

  private static List<String> bodies(String path, int count) throws IOException {
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(RawHttp.get(GATEWAY.port(), path).text());
    }
    return bodies;
  }

  private static void awaitMetric(String line) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(GATEWAY.process().metrics()).contains(line));
  }

  @Test
  void theEndpointThatFailsIsEjectedAndThatIsAMetricAndALogLine() throws Exception {
    assertThat(bodies("/payments/1", 9)).contains("a", "b", "c");
    SERVES.set(false);
    bodies("/payments/1", 15);

    awaitMetric("headgate_upstream_endpoints{state=\"ejected\",upstream=\"payments\"} 1.0");
    awaitMetric(
        "headgate_upstream_events_total{event=\"endpoint-ejected\",upstream=\"payments\"} 1.0");
    assertThat(bodies("/payments/1", 8)).containsOnly("a", "b");
    assertThat(GATEWAY.process().log()).contains("endpoint-ejected 127.0.0.1:" + C.port());
  }

  @Test
  void theEndpointThatIsNotWellIsLeftOutAndComesBack() throws Exception {
    awaitMetric("headgate_upstream_endpoints{state=\"healthy\",upstream=\"checked\"} 2.0");
    WELL.set(false);
    awaitMetric("headgate_upstream_endpoints{state=\"unhealthy\",upstream=\"checked\"} 1.0");
    assertThat(bodies("/checked", 8)).containsOnly("b");

    WELL.set(true);
    awaitMetric("headgate_upstream_endpoints{state=\"unhealthy\",upstream=\"checked\"} 0.0");
    assertThat(bodies("/checked", 40)).contains("a", "b");
  }

  @Test
  void oneUserStaysWithOneEndpoint() throws Exception {
    String first = RawHttp.get(GATEWAY.port(), "/hashed", "X-User: ann").text();
    for (int i = 0; i < 6; i++) {
      assertThat(RawHttp.get(GATEWAY.port(), "/hashed", "X-User: ann").text()).isEqualTo(first);
    }
  }
}

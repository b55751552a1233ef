package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Deadlines, retries under a budget and hedging, with the configuration of the issue as written.
 */
@Alone
@Once
class RetryIT {
  private static final String DOWN = Answer.of("503 Service Unavailable", "down");
  private static final Map<String, AtomicInteger> ASKED = new ConcurrentHashMap<>();

  /** {@code /payments/<what>/...} says what becomes of the first request to that path. */
  private static final ScriptedUpstream PAYMENTS =
      ScriptedUpstream.playing(
          connection -> {
            for (Received next = connection.read(); next != null; next = connection.read()) {
              int times = asked(next.target()).incrementAndGet();
              String what = next.target().split("/", -1)[2];
              if (what.equals("down") || (what.equals("once") && times == 1)) {
                connection.write(DOWN);
              } else if (what.equals("pause")) {
                connection.write(Answer.of("503 Service Unavailable", "down", "Retry-After: 3600"));
              } else if (what.equals("stall") && times == 1) {
                connection.awaitEnd();
                return;
              } else {
                connection.write(
                    Answer.ok(
                        next.method()
                            + " "
                            + next.text()
                            + " "
                            + next.header("x-request-timeout-ms")));
              }
            }
          });

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("payments", PAYMENTS.url())
              .upstreams(
                  """
                  upstreams:
                    payments:
                      endpoints: ["@payments@"]
                      retry-budget: {percent: 20, minimum-per-second: 3}
                    generous:
                      endpoints: ["@payments@"]
                      retry-budget: {percent: 100%, minimum-per-second: 1000}
                    strict:
                      endpoints: ["@payments@"]
                      retry-budget: {percent: 20, minimum-per-second: 0}
                      circuit-breaker: none
                  """)
              .routes(
                  """
                  routes:
                    charge:
                      match: {path: /payments/**}
                      upstream: payments
                      timeout: {total: 5s, per-try: 2s}
                      retry: {max-attempts: 3, on: [connect-failure, reset, refused, 502, 503, 504], backoff: {base: 25ms, max: 250ms, jitter: full}, max-body: 64KiB}
                      hedge: {after: p95, max-extra-load: 5%}
                    generous:
                      match: {path: /generous/**}
                      upstream: generous
                      rewrite: {path: "/payments/**"}
                      hedge: {after: 100ms, max-extra-load: 100%}
                    strict:
                      match: {path: /strict/**}
                      upstream: strict
                      rewrite: {path: "/payments/**"}
                    never:
                      match: {path: /never/**}
                      upstream: generous
                      rewrite: {path: "/payments/**"}
                      retry: none
                  """));

  private static AtomicInteger asked(String target) {
    return ASKED.computeIfAbsent(target, path -> new AtomicInteger());
  }

  private static Response get(String target, String... fields) throws Exception {
    return RawHttp.get(GATEWAY.port(), target, fields);
  }

  @Test
  void whatIsSafeIsTriedAgain() throws Exception {
    assertThat(get("/payments/once/a").status()).isEqualTo(200);
    assertThat(asked("/payments/once/a")).hasValue(2);
  }

  @Test
  void aBodyIsSentAgain() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "PUT /generous/once/put", "twice");

    assertThat(response.text()).startsWith("PUT twice ");
    assertThat(asked("/payments/once/put")).hasValue(2);
  }

  @Test
  void aPostIsNot() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST /generous/once/post", "once");

    assertThat(response.text()).isEqualTo("down");
    assertThat(asked("/payments/once/post")).hasValue(1);
  }

  @Test
  void noneNeverTriesAgain() throws Exception {
    assertThat(get("/never/once/n").status()).isEqualTo(503);
    assertThat(asked("/payments/once/n")).hasValue(1);
  }

  @Test
  void anHourOfPauseIsPassedOn() throws Exception {
    Response response = get("/generous/pause/a");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.need("retry-after")).isEqualTo("3600");
    assertThat(asked("/payments/pause/a")).hasValue(1);
  }

  @Test
  void aStallIsHedged() throws Exception {
    long start = System.nanoTime();

    assertThat(get("/generous/stall/h").status()).isEqualTo(200);

    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(90L, 4_000L);
    assertThat(asked("/payments/stall/h")).hasValue(2);
  }

  @Test
  void atFullFailureTheExtraLoadStaysWithinTheBudget() throws Exception {
    for (int i = 0; i < 200; i++) {
      assertThat(get("/strict/down/b").status()).isEqualTo(503);
    }
    assertThat(asked("/payments/down/b").get()).isBetween(220, 240);
  }

  @Test
  void theCallersTimeIsTakenAndTold() throws Exception {
    Response response = get("/payments/fine/t", "X-Request-Timeout-Ms: 1000");
    long told = Long.parseLong(response.text().substring(response.text().lastIndexOf(' ') + 1));
    assertThat(told).isBetween(500L, 950L);

    assertThat(get("/never/stall/t", "X-Request-Timeout-Ms: 200").status()).isEqualTo(504);
  }
}

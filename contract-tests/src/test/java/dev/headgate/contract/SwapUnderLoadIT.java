package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables swap under load: no request fails, none sees two tables. */
@Once
class SwapUnderLoadIT {
  private static final int CLIENTS = 4;
  private static final int SWAPS = 15;

  /** Answered before the next swap. */
  private static final int REQUESTS_A_TABLE = 40;

  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.answering(
          request ->
              Answer.ok(
                  request.header("x-table") + " " + request.target(), "X-Echo: 1", "X-Old: 1"));

  private static String routes(int table) {
    return """
    routes:
      checked:
        match: {path: "/checked/{id}/**"}
        upstream: u
        rewrite: {path: "/table-%1$d/{id}/**"}
        request-headers: {set: {x-table: "%1$d"}}
        response-headers: {set: {x-table: "%1$d"}, remove: [x-old]}
    """
        .formatted(table);
  }

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes(routes(0)));

  @Test
  void noRequestFailsAndNoneIsMixed() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      boolean reconnecting = i == 0;
      clients.add(threads.submit(client(over, seen, reconnecting)));
    }
    try {
      for (int table = 1; table <= SWAPS; table++) {
        GATEWAY.repo().routes(routes(table));
        String inForce = Integer.toString(table);
        Awaitility.await("table " + inForce)
            .atMost(Duration.ofSeconds(20))
            .pollInterval(Duration.ofMillis(10))
            .until(
                () ->
                    seen.getOrDefault(inForce, 0) >= REQUESTS_A_TABLE
                        || clients.stream().anyMatch(Future::isDone));
      }
    } finally {
      over.set(true);
    }
    for (Future<?> client : clients) {
      client.get();
    }
    threads.shutdownNow();
    assertThat(seen).hasSizeGreaterThanOrEqualTo(SWAPS);
    GATEWAY.process().assertNoLeaks("/checked/1/x");
  }

  private static Callable<@Nullable Void> client(
      AtomicBoolean over, Map<String, Integer> seen, boolean reconnecting) {
    return () -> {
      int requests = 0;
      RawHttp http = RawHttp.to(GATEWAY.port());
      while (!over.get()) {
        Response response = http.request("GET /checked/" + requests + "/a?b").response("GET");
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        String table = response.need("x-table");
        assertThat(response.text()).isEqualTo(table + " /table-" + table + "/" + requests + "/a?b");
        assertThat(response.headers("x-old")).isEmpty();
        seen.merge(table, 1, Integer::sum);
        requests++;
        if (reconnecting) {
          http.close();
          http = RawHttp.to(GATEWAY.port());
        }
      }
      http.close();
      return null;
    };
  }
}

package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service that is gone under load: who asked before gets what it last said. */
@Once
class OutageIT {
  private static final int KEYS = 200;
  private static final int CLIENTS = 8;
  private static final CachedService SERVICE = new CachedService();

  private static String routes(int table) {
    return """
    routes:
      shop:
        match: {path: /shop/**}
        upstream: shop
        cache: {stale-if-error: 10m}
        response-headers: {set: {x-table: "%d"}}
      failing:
        match: {path: /failing/**}
        upstream: failing
        retry: none
        cache: {stale-if-error: 10m}
    """
        .formatted(table);
  }

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .upstreams(
                  """
                  upstreams:
                    shop:
                      endpoints: ["@service@"]
                      circuit-breaker: {window: 20, minimum-calls: 10, open-for: 1s, ramp-up: 1s}
                    failing: {endpoints: ["@service@"], circuit-breaker: {window: 20, minimum-calls: 10, open-for: 1s}}
                  """)
              .routes(routes(0)));

  private final List<Page> pages = new ArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger stale = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** Every other one is out of date already, some of those without a validator. */
  private void warmUp(String prefix) throws Exception {
    for (int i = 0; i < KEYS; i++) {
      Page page = Page.fresh(SERVICE, GATEWAY::port, prefix);
      String lasting = "Cache-Control: max-age=300";
      page.answers(
          switch (i % 4) {
            case 0 -> ok(lasting, "Age: 400", "ETag: \"a\"");
            case 1 -> ok(lasting, "Age: 400");
            default -> ok(lasting);
          });
      assertThat(page.get().status()).isEqualTo(200);
      pages.add(page);
    }
  }

  private void ask() throws Exception {
    RawHttp http = RawHttp.to(GATEWAY.port());
    while (!over.get()) {
      Page page = pages.get(ThreadLocalRandom.current().nextInt(KEYS));
      Response response = http.send(page.text("GET")).response("GET");
      requests.incrementAndGet();
      if (response.status() != 200 || !response.text().equals("answer 1")) {
        failures.add(response.toString());
      }
      if ("stale-if-error".equals(CacheStatus.of(response).get("detail"))) {
        stale.incrementAndGet();
      }
      if ("close".equals(response.header("connection"))) {
        http.close();
        http = RawHttp.to(GATEWAY.port());
      }
    }
    http.close();
  }

  private ExecutorService load(List<Future<?>> clients) {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          threads.submit(
              () -> {
                ask();
                return null;
              }));
    }
    return threads;
  }

  private void reload(int table) {
    GATEWAY.repo().routes(routes(table));
    Eventually.holds(
        () -> assertThat(pages.get(2).get().need("x-table")).isEqualTo(Integer.toString(table)));
  }

  @Test
  void everyCachedKeyIsAnsweredThroughAnOutageAndNobodyStampedesAfterwards() throws Exception {
    warmUp("/shop");
    SERVICE.close();
    List<Future<?>> clients = new ArrayList<>();
    ExecutorService threads = load(clients);

    Eventually.holds(() -> assertThat(GATEWAY.process().log()).contains("shop: breaker-opened"));
    reload(1);
    TimeUnit.MILLISECONDS.sleep(2_500); // The length of the load, not a wait for a result.
    reload(2);
    int whileDown = requests.get();
    over.set(true);
    for (Future<?> client : clients) {
      client.get();
    }
    threads.shutdown();

    assertThat(failures).as("of %d requests", whileDown).isEmpty();
    assertThat(whileDown).isGreaterThan(1_000);
    assertThat(stale.get()).isGreaterThan(whileDown / 4);
    assertRecovery();
  }

  /** While all ask at once the service is asked for each key about once. */
  private void assertRecovery() throws Exception {
    List<Integer> before = new ArrayList<>();
    for (Page page : pages) {
      before.add(page.count());
      page.answers(ok("Cache-Control: max-age=300"));
    }
    SERVICE.reopen();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          threads.submit(
              () -> {
                untilAllAreFresh();
                return null;
              }));
    }
    for (Future<?> client : clients) {
      client.get();
    }
    threads.shutdown();
    for (int i = 0; i < KEYS; i++) {
      int asked = pages.get(i).count() - before.get(i);
      assertThat(asked).as("requests for key %d", i).isBetween(i % 4 < 2 ? 1 : 0, 2);
    }
  }

  private void untilAllAreFresh() {
    for (Page page : pages) {
      Eventually.holds(
          () -> {
            Response response = page.get();
            assertThat(response.status()).isEqualTo(200);
            assertHit(response);
          });
    }
  }

  /** A service that answers, but with failures alone, is no better than none. */
  @Test
  void soIsOneThatAnswersWithFailures() throws Exception {
    warmUp("/failing");
    for (Page page : pages) {
      page.answers(status(503, "Retry-After: 1"));
    }
    for (int round = 0; round < 3; round++) {
      for (Page page : pages) {
        Response response = page.get();
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        assertThat(response.text()).isEqualTo("answer 1");
        assertThat(response.header("retry-after")).isNull();
      }
    }
  }
}

package dev.headgate.contract.idempotency;

import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients that use the same keys again and again, at all gateways at once: they leave amid a
 * request, and repeat what failed, as clients do.
 */
final class EffectClients {
  private static final int CLIENTS = 16;

  /** How many of the newest keys are in use. */
  private static final int HOT = 24;

  private static final int TRIES = 8;

  private final EffectLedger ledger;
  private final String route;
  private final List<IntSupplier> ports;
  private final AtomicInteger newest = new AtomicInteger();

  EffectClients(EffectLedger ledger, String route, List<IntSupplier> ports) {
    this.ledger = ledger;
    this.route = route;
    this.ports = ports;
  }

  /** Runs them for as long as that holds. */
  void run(long seed, BooleanSupplier on) throws Exception {
    List<Callable<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed + i);
      clients.add(
          () -> {
            while (on.getAsBoolean()) {
              if (use(pick(random), random) && random.nextInt(3) == 0) {
                newest.incrementAndGet();
              }
              pause(random.nextInt(10));
            }
            return null;
          });
    }
    inParallel(clients);
  }

  static void inParallel(List<Callable<Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private String pick(Random random) {
    String key = route + "-" + (newest.get() + random.nextInt(HOT));
    ledger.used(key);
    return key;
  }

  /** One client with one key; whether it has its answer, or has had enough. */
  private boolean use(String key, Random random) throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      try (RawHttp http = RawHttp.to(ports.get(random.nextInt(ports.size())).getAsInt())) {
        http.requestWithBody(line(key), key, Caller.withKey(key));
        if (random.nextInt(8) == 0) {
          pause(random.nextInt(120));
          http.reset();
        } else if (read(http, key)) {
          return true;
        }
      } catch (IOException down) {
        // The gateway died, or is not there; as every client, this one tries again.
        ledger.heard("nothing");
        pause(100);
      }
      pause(5 + random.nextInt(50));
    }
    return false;
  }

  private String line(String key) {
    return "POST /" + route + "/" + key;
  }

  /** Whether the answer is final. */
  private boolean read(RawHttp http, String key) throws IOException {
    http.readTimeout(Duration.ofMillis(1_500));
    Response response = http.response("POST");
    if (!response.complete()) {
      ledger.heard("half");
      return false;
    }
    boolean service = response.status() < 400 || response.text().startsWith("effect ");
    ledger.heard(service ? Integer.toString(response.status()) : word(response));
    return judge(response, key) != null;
  }

  private static String word(Response response) {
    return response.text().startsWith("{") ? response.errorCode() : "503";
  }

  /** How it ended; null where it has not. */
  private @Nullable String judge(Response response, String key) {
    boolean replayed = "true".equals(response.header("idempotent-replayed"));
    switch (response.status()) {
      case 200, 500 -> {
        if ("unprotected".equals(response.header("idempotency-status"))) {
          ledger.odd(key + ": " + response);
        }
        ledger.answered(key, response.text());
        return replayed ? "replayed" : "free";
      }
      case 409 -> {
        String code = response.errorCode();
        boolean unknown = code.equals("IDEMPOTENCY_OUTCOME_UNKNOWN");
        if (unknown && !route.equals("known")) {
          return "unknown";
        }
        if (!code.equals("IDEMPOTENCY_IN_PROGRESS")) {
          ledger.odd(key + ": " + response);
        }
        return null;
      }
      case 502, 503, 504 -> {
        if (replayed) {
          ledger.odd(key + ": " + response);
        }
        return null;
      }
      default -> {
        ledger.odd(key + ": " + response);
        return null;
      }
    }
  }

  /** Asks once more for each key that was used, until the answer is final or the time is over. */
  void settle(Duration limit) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    List<Callable<Void>> all = new ArrayList<>();
    for (String key : ledger.keys()) {
      if (key.startsWith(route + "-")) {
        all.add(
            () -> {
              settle(key, end);
              return null;
            });
      }
    }
    inParallel(all);
  }

  private void settle(String key, long end) throws InterruptedException {
    for (int i = 0; System.nanoTime() < end; i++) {
      try (RawHttp http = RawHttp.to(ports.get(i % ports.size()).getAsInt())) {
        Response response =
            http.requestWithBody(line(key), key, Caller.withKey(key)).response("POST");
        String how = judge(response, key);
        if (how != null) {
          ledger.ended(key, how);
          return;
        }
      } catch (IOException down) {
        // Until the time is over.
      }
      pause(100 + ThreadLocalRandom.current().nextInt(100));
    }
  }

  private static void pause(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}

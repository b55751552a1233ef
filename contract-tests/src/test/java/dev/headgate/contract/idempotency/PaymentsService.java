package dev.headgate.contract.idempotency;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.UpstreamConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes payments as Stripe's API does, and fails each time in the way that their description says.
 * Below {@code /known} it does nothing twice for one key.
 */
final class PaymentsService {
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, List<Integer>> made = new ConcurrentHashMap<>();
  private final Map<String, Integer> known = new ConcurrentHashMap<>();
  private final ScriptedUpstream upstream = ScriptedUpstream.playing(this::play);

  String url() {
    return upstream.url();
  }

  /** The payments that were made, by their description. */
  List<Integer> made(String description) {
    return made.getOrDefault(description, List.of());
  }

  /** The keys of all requests with this description, one each. */
  List<String> keys(String description) {
    return requests(description).map(r -> String.valueOf(r.header("idempotency-key"))).toList();
  }

  private java.util.stream.Stream<Received> requests(String description) {
    return upstream.received().stream().filter(r -> description(r).equals(description));
  }

  private static String description(Received request) {
    return request.text().replaceAll(".*description=([a-z-]+).*", "$1");
  }

  private void play(UpstreamConnection connection) throws Exception {
    for (Received next = connection.read(); next != null; next = connection.read()) {
      String description = description(next);
      boolean first = requests(description).count() == 1;
      if (description.startsWith("busy") && first) {
        connection.write(Answer.of("503 Service Unavailable", "{}"));
        continue;
      }
      int number = payment(next, description);
      if (description.startsWith("slow")) {
        connection.pause(Duration.ofMillis(1_200));
      } else if (description.startsWith("reset") && first) {
        connection.reset();
        return;
      } else if (description.startsWith("silent") && first) {
        connection.awaitEnd();
        return;
      }
      boolean broken = description.startsWith("broken");
      connection.write(
          broken
              ? Answer.of("500 Internal Server Error", "{\"error\": {\"code\": \"broken\"}}")
              : Answer.ok(
                  "{\"id\": \"pi_%d\", \"object\": \"payment_intent\", \"amount\": 500}"
                      .formatted(number),
                  "Content-Type: application/json"));
    }
  }

  private int payment(Received request, String description) {
    String key = String.valueOf(request.header("idempotency-key"));
    return request.target().startsWith("/known/")
        ? known.computeIfAbsent(key, k -> make(description))
        : make(description);
  }

  private int make(String description) {
    int number = numbers.incrementAndGet();
    made.computeIfAbsent(description, d -> new CopyOnWriteArrayList<>()).add(number);
    return number;
  }
}

package dev.headgate.contract.idempotency;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.UpstreamConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A service that fails in every way a service can, as its seed, the key and the number of the
 * request will have it. What it does it notes before it answers. Under {@code /known} it knows keys
 * itself.
 */
final class EffectService implements AutoCloseable {
  private final Function<String, EffectLedger> ledgers;
  private final long seed;
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final Map<String, Integer> known = new ConcurrentHashMap<>();
  private final ScriptedUpstream upstream = ScriptedUpstream.playing(this::play);

  /**
   * @param ledgers by the request's target
   */
  EffectService(Function<String, EffectLedger> ledgers, long seed) {
    this.ledgers = ledgers;
    this.seed = seed;
  }

  String url() {
    return upstream.url();
  }

  private void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      Received call = connection.skimBody(head);
      if (!call.complete() || !answer(connection, call)) {
        return;
      }
    }
  }

  /** False where the connection is to end. */
  private boolean answer(UpstreamConnection connection, Received call) throws Exception {
    String key = String.valueOf(call.header("idempotency-key"));
    int times = asked.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
    Random mood = new Random(seed * 31 + key.hashCode() * 17L + times);
    int dice = mood.nextInt(100);
    if (dice < 5) {
      connection.write(Answer.of("503 Service Unavailable", "nothing was done"));
      return true;
    }
    EffectLedger ledger = ledgers.apply(call.target());
    boolean knows = call.target().startsWith("/known/");
    int effect = knows ? known.computeIfAbsent(key, ledger::effect) : ledger.effect(key);
    String text = EffectLedger.text(effect);
    if (dice < 12) {
      connection.reset();
      return false;
    }
    if (dice < 16) {
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + text);
      return false;
    }
    if (dice < 20) {
      connection.write(Answer.of("502 Bad Gateway", text));
      return true;
    }
    // The latest of them are too late for the route.
    connection.pause(Duration.ofMillis(dice < 35 ? 100 + mood.nextInt(1_100) : mood.nextInt(40)));
    connection.write(dice < 40 && !knows ? Answer.of("500 So", text) : Answer.ok(text));
    return true;
  }

  @Override
  public void close() {
    upstream.close();
  }
}

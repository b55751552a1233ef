package dev.headgate.policy.idempotency;

import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One effect for each key. What a request gets is decided by {@link Verdict} and {@link Ending};
 * {@link KeyedRequest} brings it to the point where it runs or has its answer, {@link KeyedCall}
 * runs it to its end, whether or not anybody still waits for that.
 *
 * @param namespace within which keys are told apart
 * @param counting what becomes of keys, for this chain
 */
record Idempotency(
    IdempotencyConfig config, String namespace, IdempotencyTools tools, KeyMeters.Counting counting)
    implements Policy.Around {

  Idempotency(IdempotencyConfig config, String namespace, IdempotencyTools tools) {
    this(config, namespace, tools, tools.meters().counting());
  }

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    if (!config.covers(exchange.request().method().name()) || exchange.upgrade() != null) {
      return next.run(exchange);
    }
    List<String> lines = exchange.headers().getAll(KeyField.NAME);
    if (lines.isEmpty()) {
      return config.required() ? refuse(exchange, KeyOutcome.KEY_MISSING) : next.run(exchange);
    }
    String key = KeyField.key(lines);
    return key == null
        ? refuse(exchange, KeyOutcome.KEY_INVALID)
        : new Keyed(exchange, next, lookup(exchange, key));
  }

  private LookupKey lookup(GatewayExchange exchange, String key) {
    List<Digests.Said> caller =
        config.scope().stream()
            .map(part -> new Digests.Said(part.name(), part.of(exchange)))
            .toList();
    return Digests.lookup(namespace, caller, key);
  }

  private Mono<GatewayResponse> refuse(GatewayExchange exchange, KeyOutcome why) {
    told(exchange, null, why);
    return Mono.error(GatewayFailure.of(why.refusal()));
  }

  /** Says what became of a request, to its log line and to the meters. */
  void told(GatewayExchange exchange, @Nullable LookupKey key, KeyOutcome outcome) {
    note(exchange, key, outcome);
    counting.count(exchange.record().route(), outcome);
  }

  /** The same for the log line alone. */
  void note(GatewayExchange exchange, @Nullable LookupKey key, KeyOutcome outcome) {
    exchange
        .record()
        .keyed(new ExchangeRecord.Keyed(key == null ? null : key.text(), outcome.word()));
  }

  private final class Keyed extends Mono<GatewayResponse> {
    private final GatewayExchange exchange;
    private final Next next;
    private final LookupKey key;

    Keyed(GatewayExchange exchange, Next next, LookupKey key) {
      this.exchange = exchange;
      this.next = next;
      this.key = key;
    }

    @Override
    public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
      KeyedRequest request = new KeyedRequest(Idempotency.this, exchange, next, key, actual);
      actual.onSubscribe(request);
      request.begin();
    }
  }
}

package dev.headgate.policy.idempotency;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.Step;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears the store's answers on an exchange's event loop, and tells the trace of each call. */
final class StoreCalls {
  /** For calls that are still worth making when the request's own time is up. */
  static final Duration AFTERWARDS = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(StoreCalls.class);

  private final GatewayExchange exchange;
  private final Consumer<GatewayFailure> broken;

  /**
   * @param broken is told of a defect of whoever heard an answer, so that nobody waits for ever
   */
  StoreCalls(GatewayExchange exchange, Consumer<GatewayFailure> broken) {
    this.exchange = exchange;
    this.broken = broken;
  }

  /**
   * Waits for a call.
   *
   * @param name of the call, of a closed set
   * @param then is told the value or the failure, on the event loop; at once where both are here
   */
  <T> void hear(
      String name, CompletionStage<T> call, BiConsumer<@Nullable T, @Nullable StoreFailure> then) {
    long start = exchange.now();
    call.whenComplete((value, error) -> onLoop(() -> heard(name, start, value, error, then)));
  }

  private <T> void heard(
      String name,
      long start,
      @Nullable T value,
      @Nullable Throwable error,
      BiConsumer<@Nullable T, @Nullable StoreFailure> then) {
    StoreFailure failure = error == null ? null : failure(error);
    exchange
        .record()
        .step(
            new Step(
                Step.Kind.CALL,
                "store " + name,
                start,
                exchange.now(),
                Map.of("headgate.store.result", failure == null ? "ok" : failure.word())));
    try {
      then.accept(value, failure);
    } catch (RuntimeException | Error defect) {
      LOG.error("request {}: what follows on store {} failed", exchange.requestId(), name, defect);
      broken.accept(GatewayFailure.of(FailureReason.INTERNAL_ERROR, defect));
    }
  }

  private static StoreFailure failure(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof StoreFailure known
        ? known
        : new StoreFailure(StoreFailure.Kind.GARBAGE, cause);
  }

  private void onLoop(Runnable action) {
    if (exchange.loop().inEventLoop()) {
      action.run();
    } else {
      try {
        exchange.loop().execute(action);
      } catch (RejectedExecutionException shutDown) {
        // The process ends: whatever is claimed becomes unknown when its lease is over.
      }
    }
  }

  /** What is left of the request's time. */
  Duration left() {
    long nanos = exchange.deadline().remainingNanos(exchange.now());
    return nanos == Long.MAX_VALUE ? AFTERWARDS : Duration.ofNanos(nanos);
  }
}

package dev.headgate.policy.idempotency;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Step;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Hears the store's answers on an exchange's event loop, and tells the trace of each call. */
final class StoreCalls {
  /** For calls that are still worth making when the request's own time is up. */
  static final Duration AFTERWARDS = Duration.ofSeconds(5);

  private final GatewayExchange exchange;

  StoreCalls(GatewayExchange exchange) {
    this.exchange = exchange;
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
    then.accept(value, failure);
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

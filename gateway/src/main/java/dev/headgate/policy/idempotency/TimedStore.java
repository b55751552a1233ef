package dev.headgate.policy.idempotency;

import dev.headgate.telemetry.StoreMeters;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A store whose calls are timed. */
final class TimedStore implements IdempotencyStore {
  private final IdempotencyStore store;
  private final StoreMeters meters;
  private final LongSupplier ticker;

  TimedStore(IdempotencyStore store, StoreMeters meters, LongSupplier ticker) {
    this.store = store;
    this.meters = meters;
    this.ticker = ticker;
  }

  @Override
  public CompletionStage<Optional<Entry>> claim(LookupKey key, Claim claim, Duration limit) {
    long begun = ticker.getAsLong();
    return timed("claim", begun, store.claim(key, claim, limit));
  }

  @Override
  public CompletionStage<Boolean> takeOver(LookupKey key, Token seen, Claim claim, Duration limit) {
    long begun = ticker.getAsLong();
    return timed("take-over", begun, store.takeOver(key, seen, claim, limit));
  }

  @Override
  public CompletionStage<Boolean> renew(
      LookupKey key, Token token, Duration lease, Duration limit) {
    long begun = ticker.getAsLong();
    return timed("renew", begun, store.renew(key, token, lease, limit));
  }

  @Override
  public CompletionStage<Boolean> settle(
      LookupKey key, Token token, Entry.Settled entry, Duration ttl, Duration limit) {
    long begun = ticker.getAsLong();
    return timed("settle", begun, store.settle(key, token, entry, ttl, limit));
  }

  @Override
  public CompletionStage<Boolean> release(LookupKey key, Token token, Duration limit) {
    long begun = ticker.getAsLong();
    return timed("release", begun, store.release(key, token, limit));
  }

  @Override
  public CompletionStage<Optional<Entry>> find(LookupKey key, Duration limit) {
    long begun = ticker.getAsLong();
    return timed("find", begun, store.find(key, limit));
  }

  @Override
  public CompletionStage<Boolean> clear(LookupKey key, Duration limit) {
    long begun = ticker.getAsLong();
    return timed("clear", begun, store.clear(key, limit));
  }

  private <T> CompletionStage<T> timed(String call, long begun, CompletionStage<T> stage) {
    return stage.whenComplete(
        (value, error) -> meters.called(call, result(error), ticker.getAsLong() - begun));
  }

  private static String result(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause == null) {
      return "ok";
    }
    return cause instanceof StoreFailure failure
        ? failure.word()
        : new StoreFailure(StoreFailure.Kind.GARBAGE, cause).word();
  }
}

package dev.headgate.policy.idempotency;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the gateway keeps idempotency keys.
 *
 * @param embedded whether it is this process's own, and forgets when that ends
 */
public record KeyStore(IdempotencyStore store, boolean embedded) {

  /**
   * One that cannot be asked, for looking at a config without running it.
   *
   * @param embedded what the config would run with
   */
  public static KeyStore unasked(boolean embedded) {
    return new KeyStore(new Unasked(), embedded);
  }

  private static final class Unasked implements IdempotencyStore {
    private static <T> CompletionStage<T> no() {
      return CompletableFuture.failedFuture(new StoreFailure(StoreFailure.Kind.UNAVAILABLE, null));
    }

    @Override
    public CompletionStage<Optional<Entry>> claim(LookupKey key, Claim claim, Duration limit) {
      return no();
    }

    @Override
    public CompletionStage<Boolean> takeOver(
        LookupKey key, Token seen, Claim claim, Duration limit) {
      return no();
    }

    @Override
    public CompletionStage<Boolean> renew(
        LookupKey key, Token token, Duration lease, Duration limit) {
      return no();
    }

    @Override
    public CompletionStage<Boolean> settle(
        LookupKey key, Token token, Entry.Settled entry, Duration ttl, Duration limit) {
      return no();
    }

    @Override
    public CompletionStage<Boolean> release(LookupKey key, Token token, Duration limit) {
      return no();
    }

    @Override
    public CompletionStage<Optional<Entry>> find(LookupKey key, Duration limit) {
      return no();
    }

    @Override
    public CompletionStage<Boolean> clear(LookupKey key, Duration limit) {
      return no();
    }
  }
}

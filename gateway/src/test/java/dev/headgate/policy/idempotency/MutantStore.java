package dev.headgate.policy.idempotency;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A store with a mistake in it. */
final class MutantStore implements IdempotencyStore {
  private final IdempotencyStore store;
  private final Mistake mistake;

  /** Each has been made by somebody. */
  enum Mistake {
    SETTLES_WHOEVER_ASKS,
    RELEASES_WHOEVER_ASKS,
    RENEWS_WHAT_IS_OVER,
    CLAIMS_WHAT_IS_UNKNOWN,
    FREES_WHAT_WAS_TAKEN_OVER
  }

  MutantStore(IdempotencyStore store, Mistake mistake) {
    this.store = store;
    this.mistake = mistake;
  }

  /** That of whoever has the key, so that the store believes what it is told. */
  private Token holder(LookupKey key, Token otherwise) {
    Entry entry = Answers.of(store.find(key, Answers.LIMIT)).orElse(null);
    return entry instanceof Entry.Running running ? running.token() : otherwise;
  }

  @Override
  public CompletionStage<Optional<Entry>> claim(LookupKey key, Claim claim, Duration limit) {
    if (mistake == Mistake.CLAIMS_WHAT_IS_UNKNOWN
        && Answers.of(store.find(key, limit)).orElse(null) instanceof Entry.Unknown) {
      Answers.of(store.clear(key, limit));
    }
    return store.claim(key, claim, limit);
  }

  @Override
  public CompletionStage<Boolean> takeOver(LookupKey key, Token seen, Claim claim, Duration limit) {
    return store.takeOver(key, seen, claim, limit);
  }

  @Override
  public CompletionStage<Boolean> renew(
      LookupKey key, Token token, Duration lease, Duration limit) {
    if (mistake == Mistake.RENEWS_WHAT_IS_OVER
        && Answers.of(store.find(key, limit)).orElse(null) instanceof Entry.Unknown unknown
        && unknown.token().equals(token)) {
      Answers.of(store.clear(key, limit));
      Answers.of(store.claim(key, new Claim(token, unknown.fingerprint(), lease, lease), limit));
    }
    return store.renew(key, token, lease, limit);
  }

  @Override
  public CompletionStage<Boolean> settle(
      LookupKey key, Token token, Entry.Settled entry, Duration ttl, Duration limit) {
    return store.settle(
        key,
        mistake == Mistake.SETTLES_WHOEVER_ASKS ? holder(key, token) : token,
        entry,
        ttl,
        limit);
  }

  @Override
  public CompletionStage<Boolean> release(LookupKey key, Token token, Duration limit) {
    CompletionStage<Boolean> released =
        store.release(
            key, mistake == Mistake.RELEASES_WHOEVER_ASKS ? holder(key, token) : token, limit);
    if (mistake == Mistake.FREES_WHAT_WAS_TAKEN_OVER && Answers.of(released)) {
      Answers.of(store.clear(key, limit));
    }
    return released;
  }

  @Override
  public CompletionStage<Optional<Entry>> find(LookupKey key, Duration limit) {
    return store.find(key, limit);
  }

  @Override
  public CompletionStage<Boolean> clear(LookupKey key, Duration limit) {
    return store.clear(key, limit);
  }
}

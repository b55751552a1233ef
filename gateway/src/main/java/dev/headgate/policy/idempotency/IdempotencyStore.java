package dev.headgate.policy.idempotency;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where keys are kept: a map from {@link LookupKey} to {@link Entry} whose entries are changed only
 * by whoever holds them.
 *
 * <p>A key is free, or has an entry. A <b>claim</b> makes an entry that is {@link Entry.Running} as
 * long as its lease lasts; the claim's token fences it: only who shows it can renew, settle or
 * release, and only while the lease lasts, by the store's clock. A claim whose lease has ended is
 * {@link Entry.Unknown}, without anybody having to say so. Whatever is there is forgotten {@code
 * ttl} after it was last written.
 *
 * <p>Every call can be repeated with the same arguments: it does the same again or nothing.
 *
 * <p>Stages complete on any thread, with a {@link StoreFailure} where the store could not be asked
 * or gave no sense. A {@link #claim} or {@link #takeOver} that failed may have been made all the
 * same: the store takes it back as soon as it can. A {@link #settle} or {@link #release} that
 * failed is tried again in the background until the lease is over.
 */
interface IdempotencyStore {

  /**
   * Claims a free key.
   *
   * @param claim what to enter
   * @param limit how long this call may take; the store's own limit holds besides
   * @return empty where the key was free, or was claimed with the same token before, and is now the
   *     caller's; otherwise what is there
   */
  CompletionStage<Optional<Entry>> claim(LookupKey key, Claim claim, Duration limit);

  /**
   * Claims a key whose outcome is unknown.
   *
   * @param seen the token of the {@link Entry.Unknown} that was seen
   * @return false where the entry is no longer that one
   */
  CompletionStage<Boolean> takeOver(LookupKey key, Token seen, Claim claim, Duration limit);

  /**
   * Lets the lease begin anew.
   *
   * @return false where it had ended, or the key is another's
   */
  CompletionStage<Boolean> renew(LookupKey key, Token token, Duration lease, Duration limit);

  /**
   * Ends a claim with what became of it. A store that has no room for an answer enters {@link
   * Entry.NotStored} for it: that there was one always fits where the claim was.
   *
   * @param ttl how long that is kept
   * @return false where the lease had ended, or the key is another's: nothing was written
   */
  CompletionStage<Boolean> settle(
      LookupKey key, Token token, Entry.Settled entry, Duration ttl, Duration limit);

  /**
   * Ends a claim as if it had not been made: the key is free, or, where it was taken over, unknown
   * as before, under this token.
   *
   * @return false where the lease had ended, or the key is another's; true also where nothing is
   *     there any more
   */
  CompletionStage<Boolean> release(LookupKey key, Token token, Duration limit);

  /** What is there; for people, and for whoever waits. */
  CompletionStage<Optional<Entry>> find(LookupKey key, Duration limit);

  /**
   * Forgets a key, whoever holds it; for people.
   *
   * @return whether there was anything
   */
  CompletionStage<Boolean> clear(LookupKey key, Duration limit);

  /**
   * A claim to be made.
   *
   * @param lease how long it holds unless renewed; positive
   * @param ttl how long the entry is kept if nothing more is heard of it; at least the lease
   */
  record Claim(Token token, Fingerprint fingerprint, Duration lease, Duration ttl) {}
}

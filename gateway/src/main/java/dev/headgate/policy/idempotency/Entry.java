package dev.headgate.policy.idempotency;

import java.time.Duration;

/** What a store has under a key. */
sealed interface Entry {
  /** Of the request that claimed it; without the body's digest where that was not known. */
  Fingerprint fingerprint();

  /** What a claim can be ended with. */
  sealed interface Settled extends Entry {}

  /**
   * The first request runs.
   *
   * @param left of its lease; positive
   */
  record Running(Fingerprint fingerprint, Token token, Duration left) implements Entry {}

  /** It may have reached the service, and nobody knows what came of it. */
  record Unknown(Fingerprint fingerprint, Token token) implements Settled {}

  /** The service's answer is known. */
  record Completed(Fingerprint fingerprint, StoredAnswer answer) implements Settled {}

  /** The service has answered, but its answer was not kept. */
  record NotStored(Fingerprint fingerprint) implements Settled {}
}

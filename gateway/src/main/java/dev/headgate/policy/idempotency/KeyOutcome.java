package dev.headgate.policy.idempotency;

import dev.headgate.exchange.FailureReason;
import java.util.Locale;

/** What became of a request with a key, or of one that should have one: a word of the log. */
enum KeyOutcome {
  /** It runs. In the log of a client that left: what came of it is only in the meters. */
  RUNNING,
  /** It ran, and its answer is kept. */
  STORED,
  /** It ran, and its answer was too large to be kept. */
  TOO_LARGE,
  /** It ran or tried to, and did nothing: the key is free. */
  RELEASED,
  /** It ran, and nobody knows what came of it. */
  UNKNOWN,
  /** The service has answered, and the store could not be told. */
  NOT_STORED,
  /** It ran without protection, since the store could not be asked. */
  UNPROTECTED,
  /** It got the first one's answer. */
  REPLAYED,
  IN_PROGRESS,
  OUTCOME_UNKNOWN,
  RESPONSE_NOT_STORED,
  REUSED,
  KEY_INVALID,
  KEY_MISSING,
  STORE_UNAVAILABLE;

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the client is told, of those that are refusals. */
  FailureReason refusal() {
    return switch (this) {
      case IN_PROGRESS -> FailureReason.IDEMPOTENCY_IN_PROGRESS;
      case OUTCOME_UNKNOWN -> FailureReason.IDEMPOTENCY_OUTCOME_UNKNOWN;
      case RESPONSE_NOT_STORED -> FailureReason.IDEMPOTENCY_RESPONSE_NOT_STORED;
      case REUSED -> FailureReason.IDEMPOTENCY_KEY_REUSED;
      case KEY_INVALID -> FailureReason.IDEMPOTENCY_KEY_INVALID;
      case KEY_MISSING -> FailureReason.IDEMPOTENCY_KEY_MISSING;
      case STORE_UNAVAILABLE -> FailureReason.IDEMPOTENCY_STORE_UNAVAILABLE;
      default -> throw new IllegalStateException(this + " (expected: a refusal)");
    };
  }
}

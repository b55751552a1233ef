package dev.headgate.policy.idempotency;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A store could not do what it was asked. Carries no stack trace: it is an outcome. */
final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** Why; a label of meters and spans. */
  enum Kind {
    /** No connection, or it was lost. */
    UNAVAILABLE,
    /** No answer in time. */
    TIMEOUT,
    /** It takes no writes: a replica, or too few replicas of its own. */
    READ_ONLY,
    /** It has no room, and forgets nothing that is still of use. */
    FULL,
    /** Fewer replicas than asked for have confirmed the write. */
    NOT_REPLICATED,
    /** Its answer, or what it had kept, made no sense; or it refused the command. */
    GARBAGE
  }

  StoreFailure(Kind kind, @Nullable Throwable cause) {
    super(kind.name(), cause, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** As meters and spans write it. */
  String word() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

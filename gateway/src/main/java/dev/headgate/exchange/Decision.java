package dev.headgate.exchange;

/**
 * What the gateway decided about an exchange beside passing it on: a word in the access log's line,
 * a label of {@code headgate.decisions}.
 */
public enum Decision {
  /** Tried again; the detail says after what. */
  RETRY("retry"),
  /** A second try was begun beside the first. */
  HEDGE("hedge"),
  /** The hedge answered first. */
  HEDGE_WON("hedge-won"),
  /** A retry or hedge that was due was not made, since the upstream's budget was spent. */
  RETRY_BUDGET_SPENT("retry-budget-spent"),
  /** No retry, since the service asked for a longer pause than there is. */
  RETRY_AFTER_TOO_LONG("retry-after-too-long"),
  /** The try waited for the bulkhead. */
  BULKHEAD_WAIT("bulkhead-wait"),
  /** The bulkhead turned the try away. */
  BULKHEAD_FULL("bulkhead-full"),
  /** The breaker turned the try away. */
  BREAKER_OPEN("breaker-open"),
  /** Too few endpoints are well: all are used (the panic rule). */
  PANIC("panic"),
  /** The client got the answer that was kept under its idempotency key. */
  IDEMPOTENCY_REPLAYED("idempotency-replayed"),
  /** The client had gone; its call went on, since its outcome is kept. */
  IDEMPOTENCY_OUTLIVES_CLIENT("idempotency-outlives-client"),
  /** The client got a stale answer, since the service gave none. */
  STALE_SERVED("stale-served"),
  /** The client got the route's fallback. */
  FALLBACK("fallback");

  private final String word;

  Decision(String word) {
    this.word = word;
  }

  /** As logs and meters write it. */
  public String word() {
    return word;
  }

  /** One decision of an exchange, when and why. */
  public record Made(Decision decision, String detail, long atNanos) {
    /** {@code retry:UPSTREAM_RESET}, or the word alone where there is no detail. */
    public String text() {
      return detail.isEmpty() ? decision.word : decision.word + ":" + detail;
    }
  }
}

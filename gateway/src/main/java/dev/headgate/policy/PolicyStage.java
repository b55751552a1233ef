package dev.headgate.policy;

/** The order of policies, outermost first. A stage arrives with its policy. */
public enum PolicyStage {
  REQUEST_ID(Scope.REQUEST, "Everything after it, refusals included, is to be found by its id."),
  ACCESS_LOG(
      Scope.REQUEST, "Sees what the client gets, whoever answered, and when it really ended."),
  METRICS(
      Scope.REQUEST, "As the access log; what is counted names the trace, so it ends after that."),
  TRACING(
      Scope.REQUEST,
      "Ends first of the three: the meters' exemplars are to name traces that were sent. Whatever a caller said of its trace is read, and taken out, before any policy could pass it on."),
  CORS(
      Scope.REQUEST,
      "A preflight carries no credentials, so it is answered before whatever asks for them; and browsers get to read refusals too."),
  REQUEST_LIMITS(Scope.REQUEST, "What is too large costs nothing behind it."),
  VERSION(
      Scope.REQUEST,
      "Outside the header changes, so that a route can change what the service is told of the version, but not what the client is."),
  COMPRESSION(
      Scope.REQUEST,
      "Outside everything that keeps or repeats an answer, so that what is kept is what the service said; ahead of the header changes, so that the client's own Accept-Encoding counts."),
  HEADERS(Scope.REQUEST, "What is cached or stored later is what the service said, unchanged."),
  RESPONSE_HYGIENE(
      Scope.REQUEST,
      "Inside the header changes: a route can still set or remove what this adds and hides."),
  REVERSE_REWRITE(
      Scope.REQUEST, "Sees what the service said of itself, before a route changes it."),
  DEADLINE(
      Scope.REQUEST,
      "Set before the first stage that waits, so that every wait takes the lesser of its limit and what remains."),
  FALLBACK(
      Scope.REQUEST,
      "Stands in for whatever fails behind it, limits in time included; outside what keeps answers, so that a fallback is never kept for the service's own."),
  IDEMPOTENCY(
      Scope.REQUEST,
      "One key, one effect, however many tries; inside the fallback, since only what the service itself said is kept, and outside whatever ends a call, since the call's outcome is wanted when its client has gone."),
  RESPONSE_CACHE(
      Scope.REQUEST,
      "Outside limits in time, retries, breakers and bulkheads, so that a stale answer can stand in for whatever they end in; inside idempotency, since what is kept under a key is no other's."),
  TOTAL_TIMEOUT(Scope.REQUEST, "Bounds all tries together, and the body after them."),
  RETRY(Scope.REQUEST, "Inside the total limit, so that no try begins that cannot end in time."),
  CIRCUIT_BREAKER(
      Scope.ATTEMPT,
      "Outermost of a try: what is turned away costs no permit, no wait and no connection; and it judges what the limit of the try makes of a service that is too slow."),
  BULKHEAD(
      Scope.ATTEMPT,
      "Outside the limit of the try, which is the service's time, not the queue's; a permit is held for a try and not between tries."),
  TRY_TIMEOUT(Scope.ATTEMPT, "Bounds one try, waiting for a connection included.");

  /** How often a stage is passed. */
  public enum Scope {
    /** Once a request. */
    REQUEST,
    /** Once for each try of the service. */
    ATTEMPT
  }

  private final Scope scope;
  private final String reason;

  PolicyStage(Scope scope, String reason) {
    this.scope = scope;
    this.reason = reason;
  }

  public Scope scope() {
    return scope;
  }

  /** Why the stage stands where it does; printed in {@code docs/policies.md}. */
  public String reason() {
    return reason;
  }
}

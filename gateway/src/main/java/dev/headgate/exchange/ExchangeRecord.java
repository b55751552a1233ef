package dev.headgate.exchange;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of an exchange, collected as it goes, for the access log and the meters. All times
 * are nanoseconds of the event loop's ticker; written on the event loop only.
 */
public final class ExchangeRecord {
  // Ten tries and what goes with each; more would say nothing new.
  private static final int MOST_DECISIONS = 32;
  private static final int MOST_STEPS = 32;

  private final long startNanos;
  private final EnumSet<FailureReason> flags = EnumSet.noneOf(FailureReason.class);
  private @Nullable String route;
  private @Nullable String version;
  private @Nullable VersionSource versionSource;
  private @Nullable Try serving;
  private List<Try> tries = List.of();
  private List<Step> steps = List.of();
  private @Nullable Keyed keyed;
  private @Nullable Cached cached;
  private int status;
  private long bytesIn;
  private long bytesOut;
  private List<Decision.Made> decisions = List.of();

  public ExchangeRecord(long startNanos) {
    this.startNanos = startNanos;
  }

  /** The route that matched. */
  public void route(String id) {
    route = id;
  }

  /** The version of the route that serves the exchange, as the config writes it. */
  public void version(String id, VersionSource source) {
    version = id;
    versionSource = source;
  }

  /** One more try has an endpoint; it is what the record tells of, unless another serves. */
  public void attempt(Try one) {
    serving = one;
    if (tries.isEmpty()) {
      tries = List.of(one);
    } else {
      tries = new ArrayList<>(tries);
      tries.add(one);
    }
  }

  /** The tries that had an endpoint, in order. */
  public List<Try> tries() {
    return tries;
  }

  /** Something is over that took time of its own. */
  public void step(Step one) {
    if (steps.isEmpty()) {
      steps = new ArrayList<>(2);
    }
    if (steps.size() < MOST_STEPS) {
      steps.add(one);
    }
  }

  /** What took time of its own, in the order of ending; empty for most. */
  public List<Step> steps() {
    return steps;
  }

  /** The answer the client gets is this try's, whichever began last. */
  public void servedBy(Try one) {
    if (one.endpoint() != null) {
      serving = one;
    }
  }

  /**
   * What became of an idempotency key.
   *
   * @param key what it is kept under; no secret. Null where the request had none that could be read
   * @param outcome a word of a closed set
   */
  public record Keyed(@Nullable String key, String outcome) {}

  /** What becomes of the request's idempotency key; the last word holds. */
  public void keyed(Keyed outcome) {
    keyed = outcome;
  }

  /** What became of the request's idempotency key; null where none was looked at. */
  public @Nullable Keyed keyed() {
    return keyed;
  }

  /**
   * How a cache handled the request.
   *
   * @param result a word of a closed set
   * @param ttl seconds of freshness left, negative where it is stale; null where that says nothing
   * @param status the member of {@code Cache-Status} that tells it (RFC 9211)
   */
  public record Cached(String result, @Nullable Long ttl, String status) {}

  /** How a cache handles the request; the last word holds. */
  public void cached(Cached how) {
    cached = how;
  }

  /** How a cache handled the request; null where there is none. */
  public @Nullable Cached cached() {
    return cached;
  }

  /** A record for what goes on in the background on account of this exchange. */
  public ExchangeRecord ofBackground(long nowNanos) {
    ExchangeRecord own = new ExchangeRecord(nowNanos);
    own.route = route;
    own.version = version;
    own.versionSource = versionSource;
    return own;
  }

  /** Something went wrong that the access log shall tell. */
  public void flag(FailureReason reason) {
    flags.add(reason);
  }

  /**
   * The gateway decided something that the log and the meters shall tell.
   *
   * @param detail of a closed set, such as a failure's name; empty for none
   */
  public void decided(Decision decision, String detail, long nowNanos) {
    if (decisions.isEmpty()) {
      decisions = new ArrayList<>(4);
    }
    if (decisions.size() < MOST_DECISIONS) {
      decisions.add(new Decision.Made(decision, detail, nowNanos));
    }
  }

  /** What was decided, in order; empty for most. */
  public List<Decision.Made> decisions() {
    return decisions;
  }

  public void status(int code) {
    status = code;
  }

  public void received(long bytes) {
    bytesIn += bytes;
  }

  public void sent(long bytes) {
    bytesOut += bytes;
  }

  public long startNanos() {
    return startNanos;
  }

  /** The id of the route that matched, or null. */
  public @Nullable String route() {
    return route;
  }

  /**
   * The version of the route that serves the exchange, as the config writes it; null where the
   * route has none, or none that serves it. Part of whatever an answer is kept under.
   */
  public @Nullable String version() {
    return version;
  }

  /** Where that version was said; null where there is none. */
  public @Nullable VersionSource versionSource() {
    return versionSource;
  }

  /** The upstream of the try that answered, or else of the last; null for none. */
  public @Nullable String upstream() {
    Destination to = serving == null ? null : serving.destination();
    return to == null ? null : to.upstream();
  }

  /** The endpoint, {@code host:port}, that answered, or else the last one asked; null for none. */
  public @Nullable String endpoint() {
    return serving == null ? null : serving.endpoint();
  }

  /** Calls made to endpoints, 0 where the gateway answered by itself. */
  public int attempts() {
    return tries.size();
  }

  /** The status sent, or 499 where the client was gone first; 0 while undecided. */
  public int status() {
    return status;
  }

  /** Bytes of the request's body. */
  public long bytesIn() {
    return bytesIn;
  }

  /** Bytes of the response's body. */
  public long bytesOut() {
    return bytesOut;
  }

  /** How long that call took, to its answer's last byte; -1 without one, or while it runs. */
  public long upstreamNanos() {
    return serving == null ? -1 : serving.lastedNanos();
  }

  /** Why the exchange did not go as asked; empty when it did. */
  public Set<FailureReason> flags() {
    return flags;
  }
}

package dev.headgate.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * All meters of the gateway: the one place where a name, its unit and its labels are written.
 * {@code docs/metrics.md} is generated from it, and dashboards and alerts are held against that.
 *
 * <p>Labels are ids of the config, or words of closed sets: nothing that a client can choose.
 */
public enum Meters {
  // ---- requests
  REQUESTS(
      "headgate.requests",
      Kind.COUNTER,
      "",
      "Requests that are over, by their route (empty where none matched), method, status class,"
          + " version (empty where there is none) and outcome",
      "route",
      "method",
      "status",
      "version",
      "outcome"),
  REQUEST_DURATION(
      "headgate.request.duration",
      Kind.HISTOGRAM,
      Names.SECONDS,
      "From a request's head to the last byte of its answer, aborted ones included",
      "route",
      "status"),
  REQUESTS_IN_FLIGHT(
      "headgate.requests.in.flight", Kind.GAUGE, "", "Requests that have begun and are not over"),
  DECISIONS(
      "headgate.decisions",
      Kind.COUNTER,
      "",
      "What was decided about requests beside passing them on: retries, hedges, budget refusals,"
          + " rejections, fallbacks",
      "decision",
      "route"),

  IDEMPOTENCY_REQUESTS(
      "headgate.idempotency.requests",
      Kind.COUNTER,
      "",
      "What became of requests with an idempotency key, and of those that should have had one",
      "route",
      "outcome"),
  IDEMPOTENCY_IN_FLIGHT(
      "headgate.idempotency.in.flight",
      Kind.GAUGE,
      "",
      "Idempotency keys that this process holds: claimed, and not settled yet"),

  // ---- the store of idempotency keys
  STORE_CALLS(
      "headgate.store.calls",
      Kind.HISTOGRAM,
      Names.SECONDS,
      "Calls to the store (embedded, redis), by what was asked and what came of it: ok, or why not",
      "store",
      "call",
      "result"),
  STORE_UP(
      "headgate.store.up", Kind.GAUGE, "", "1 while the store can be asked, 0 otherwise", "store"),
  STORE_BYTES(
      "headgate.store.bytes",
      Kind.GAUGE,
      Names.BYTES,
      "What the embedded store takes, of headgate.store.embedded.max-size"),
  STORE_ENTRIES("headgate.store.entries", Kind.GAUGE, "", "Keys in the embedded store"),

  // ---- the response cache
  CACHE_REQUESTS(
      "headgate.cache.requests",
      Kind.COUNTER,
      "",
      "Requests of routes with a cache, by what they got: hit, stale, miss, revalidated, collapsed"
          + " (another's call's answer), bypass, only-if-cached",
      "route",
      "result"),
  CACHE_FILLS(
      "headgate.cache.fills",
      Kind.COUNTER,
      "",
      "Calls of a service whose answer might be kept, by what came of it: stored, updated (a 304),"
          + " uncacheable, too-large, no-room, doomed (changed meanwhile), failed, shared (another"
          + " node had it), cancelled",
      "route",
      "result"),
  CACHE_WAITING(
      "headgate.cache.waiting", Kind.GAUGE, "", "Requests that wait for the call of another"),
  CACHE_BYTES(
      "headgate.cache.used",
      Kind.GAUGE,
      Names.BYTES,
      "What the cache takes, of headgate.cache.max-size, with what is being filled and sent"),
  CACHE_LIMIT("headgate.cache.max", Kind.GAUGE, Names.BYTES, "headgate.cache.max-size"),
  CACHE_ENTRIES("headgate.cache.entries", Kind.GAUGE, "", "URLs with stored answers; estimated"),
  CACHE_EVICTIONS(
      "headgate.cache.evictions", Kind.COUNTER, "", "Answers that had to make room for others"),

  // ---- upstreams
  ATTEMPTS(
      "headgate.attempts",
      Kind.COUNTER,
      "",
      "Tries of a service that are over, by kind (first, retry, hedge) and outcome",
      "upstream",
      "kind",
      "outcome"),
  UPSTREAM_DURATION(
      "headgate.upstream.duration",
      Kind.HISTOGRAM,
      Names.SECONDS,
      "From a try's asking for a connection to the last byte of its answer; status none where no"
          + " answer came",
      "upstream",
      "status"),
  RETRY_BUDGET(
      "headgate.retry.budget.tokens",
      Kind.GAUGE,
      "",
      "Retries and hedges that an upstream's budget would allow now",
      "upstream"),
  BREAKER_STATE(
      "headgate.breaker.state",
      Kind.GAUGE,
      "",
      "1 for what an upstream's breaker is in (closed, open, half-open, ramp-up), 0 for the rest",
      "upstream",
      "state"),
  BULKHEAD_IN_USE(
      "headgate.bulkhead.in.use", Kind.GAUGE, "", "Tries that run at an upstream", "upstream"),
  BULKHEAD_WAITING(
      "headgate.bulkhead.waiting",
      Kind.GAUGE,
      "",
      "Tries that wait for an upstream's bulkhead",
      "upstream"),
  BULKHEAD_LIMIT(
      "headgate.bulkhead.limit",
      Kind.GAUGE,
      "",
      "Tries that may run at an upstream at once",
      "upstream"),
  UPSTREAM_CONNECTIONS(
      "headgate.upstream.connections",
      Kind.GAUGE,
      "",
      "Connections to an upstream that carry something (in_use, opening ones included) or nothing"
          + " (idle), and calls that wait for one (pending)",
      "upstream",
      "state"),
  UPSTREAM_CONNECTIONS_OPENED(
      "headgate.upstream.connections.opened",
      Kind.COUNTER,
      "",
      "Connections to an upstream whose opening was begun",
      "upstream"),
  UPSTREAM_ENDPOINTS(
      "headgate.upstream.endpoints",
      Kind.GAUGE,
      "",
      "Endpoints of an upstream, each address of a name by itself: healthy (or not checked),"
          + " unhealthy, ejected",
      "upstream",
      "state"),
  UPSTREAM_EVENTS(
      "headgate.upstream.events",
      Kind.COUNTER,
      "",
      "What became of upstreams and their endpoints; each is a line in the log too",
      "event",
      "upstream"),

  // ---- clients' side
  CONNECTIONS("headgate.connections", Kind.GAUGE, "", "Open client connections, on all ports"),
  CONNECTIONS_REFUSED(
      "headgate.connections.refused",
      Kind.COUNTER,
      "",
      "Client connections ended before their first request",
      "reason"),
  OVERLOADED(
      "headgate.overloaded",
      Kind.GAUGE,
      "",
      "1 while new requests are refused on account of this limit (in_flight, direct_memory)",
      "limit"),
  OVERLOAD_REFUSED(
      "headgate.overload.refused", Kind.COUNTER, "", "Requests refused on account of a limit"),

  // ---- config
  CONFIG_VERSION(
      "headgate.config.version",
      Kind.GAUGE,
      "",
      "Version of the active table, counted from 1 since the start; 0 for none"),
  CONFIG_ROUTES("headgate.config.routes", Kind.GAUGE, "", "Routes in the active table"),
  CONFIG_RELOAD_SUCCESSFUL(
      "headgate.config.last.reload.successful",
      Kind.GAUGE,
      "",
      "1 where the set last looked at is the one in force"),
  CONFIG_AGE(
      "headgate.config.age",
      Kind.GAUGE,
      Names.SECONDS,
      "How long the active table has been in force"),
  CONFIG_RELOADS(
      "headgate.config.reloads", Kind.COUNTER, "", "Sets looked at since the start", "result"),

  // ---- the process
  EVENT_LOOP_LAG(
      "headgate.event.loop.lag",
      Kind.TIMER,
      Names.SECONDS,
      "How late event loops run what is due, each looked at twice a second"),
  DIRECT_MEMORY_USED(
      "headgate.direct.memory.used",
      Kind.GAUGE,
      Names.BYTES,
      "Direct memory of Netty's buffers in use"),
  DIRECT_MEMORY_MAX(
      "headgate.direct.memory.max", Kind.GAUGE, Names.BYTES, "Direct memory that Netty may use"),
  ACCESS_LOG_DROPPED(
      "headgate.access.log.dropped",
      Kind.COUNTER,
      "",
      "Access-log lines lost to a full queue or a failing output"),
  SPANS_EXPORTED("headgate.spans.exported", Kind.COUNTER, "", "Spans that were sent and taken"),
  SPANS_DROPPED(
      "headgate.spans.dropped",
      Kind.COUNTER,
      "",
      "Spans lost, since too many waited (queue_full) or they could not be sent (export_failed)",
      "reason");

  /**
   * The histograms' upper bounds: fine where a gateway's own share is seen, and up to the default
   * total limit.
   */
  private static final Duration[] BUCKETS =
      Stream.of(1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)
          .map(millis -> Duration.ofNanos((long) (millis.doubleValue() * 1_000_000)))
          .toArray(Duration[]::new);

  private final String id;
  private final Kind kind;
  private final String unit;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // it is, by List.of
  private final List<String> labels;

  Meters(String id, Kind kind, String unit, String description, String... labels) {
    this.id = id;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.labels = List.of(labels);
  }

  /** What a meter is to Prometheus. */
  private enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    /** Count, sum and maximum. */
    TIMER
  }

  private static final class Names {
    private static final String SECONDS = "seconds";
    private static final String BYTES = "bytes";
  }

  /** In Micrometer's form, with dots; what OTLP has. */
  public String id() {
    return id;
  }

  /**
   * A counter, made where it is not there yet.
   *
   * @param values of the labels, in their order
   */
  public Counter counter(MeterRegistry registry, String... values) {
    return Counter.builder(id).description(description).tags(tags(values)).register(registry);
  }

  /** A counter that somebody else counts. */
  public <T> void counter(
      MeterRegistry registry, T of, ToDoubleFunction<T> count, String... values) {
    FunctionCounter.builder(id, of, count)
        .description(description)
        .tags(tags(values))
        .register(registry);
  }

  public <T> void gauge(MeterRegistry registry, T of, ToDoubleFunction<T> value, String... values) {
    Gauge.builder(id, of, value)
        .description(description)
        .baseUnit(unit.isEmpty() ? null : unit)
        .tags(tags(values))
        .strongReference(true)
        .register(registry);
  }

  /** Rows that come and go; their labels are given by {@link #tags}. */
  public MultiGauge rows(MeterRegistry registry) {
    return MultiGauge.builder(id).description(description).register(registry);
  }

  public Timer timer(MeterRegistry registry, String... values) {
    Timer.Builder timer = Timer.builder(id).description(description).tags(tags(values));
    if (kind == Kind.HISTOGRAM) {
      timer.serviceLevelObjectives(BUCKETS);
    }
    return timer.register(registry);
  }

  /**
   * @throws IllegalArgumentException when there are not as many values as labels
   */
  public Tags tags(String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(
          "%s: %d values (expected: %s)".formatted(id, values.length, labels));
    }
    String[] pairs = new String[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      pairs[2 * i] = labels.get(i);
      pairs[2 * i + 1] = values[i];
    }
    return Tags.of(pairs);
  }

  /** The table of all meters, for {@code docs/}. */
  public static String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("# Metrics");
    lines.add("");
    lines.add("Generated from `dev.headgate.telemetry.Meters`; not to be edited.");
    lines.add("");
    lines.add(
        "Names are Prometheus's, at `/actuator/prometheus` of the admin port; over OTLP they have dots"
            + " and no endings for unit and kind (`headgate.requests`).");
    lines.add(
        "A histogram has `_bucket`, `_count`, `_sum` and, as a gauge, `_max`; a summary has the last"
            + " three. Labels are ids of the config or words of closed sets:");
    lines.add(
        "nothing that a client can choose. Beside these there are Spring Boot's own, `jvm_*`,"
            + " `process_*`, `system_*`, `disk_*` and `logback_*`.");
    lines.add("");
    lines.add("| Name | Type | Unit | Labels | Description |");
    lines.add("| --- | --- | --- | --- | --- |");
    for (Meters meter : values()) {
      lines.add(
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  meter.prometheusName(),
                  meter.prometheusType(),
                  meter.unit,
                  String.join(", ", meter.labels.stream().map(l -> "`" + l + "`").toList()),
                  meter.description));
    }
    return String.join("\n", lines) + "\n";
  }

  /** As Prometheus has it, without the endings of histograms. */
  String prometheusName() {
    String name = id.replace('.', '_');
    String full = unit.isEmpty() ? name : name + "_" + unit;
    return kind == Kind.COUNTER ? full + "_total" : full;
  }

  private String prometheusType() {
    return kind == Kind.TIMER ? "summary" : kind.name().toLowerCase(Locale.ROOT);
  }
}

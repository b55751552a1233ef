package dev.headgate.telemetry;

import dev.headgate.exchange.Destination;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Try;
import dev.headgate.telemetry.trace.ExchangeTrace;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts exchanges and tries when an exchange is over. What a route or an upstream counts into is
 * looked up once and kept for as long as the table that names it.
 */
public final class RequestMeters {
  private static final String ROUTE = "route";
  private static final String UPSTREAM = "upstream";

  private final MeterRegistry registry;
  private final ExemplarSource exemplars;
  private final AtomicInteger sweeps = new AtomicInteger();
  private final Counting background = new Counting();

  public RequestMeters(MeterRegistry registry, ExemplarSource exemplars) {
    this.registry = registry;
    this.exemplars = exemplars;
  }

  /** For one chain; whatever it is asked to count, the number of its meters is bounded. */
  public Counting counting() {
    return new Counting();
  }

  /** Counts the tries of a call that no client asked for. */
  void toldOfBackground(GatewayExchange exchange) {
    background.forgetWhatIsGone();
    exchange.record().tries().forEach(background::count);
  }

  /**
   * A table is in force: what was counted for routes and upstreams that it does not name is let go.
   * Gauges go by themselves.
   */
  public void keepOnly(Set<String> routes, Set<String> upstreams) {
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      boolean counted = id.getName().startsWith("headgate.") && id.getType() != Meter.Type.GAUGE;
      if (counted && (gone(id.getTag(ROUTE), routes) || gone(id.getTag(UPSTREAM), upstreams))) {
        registry.remove(meter);
      }
    }
    sweeps.incrementAndGet();
  }

  private static boolean gone(@Nullable String id, Set<String> there) {
    return id != null && !id.isEmpty() && !there.contains(id);
  }

  private record Request(
      String route, String method, String status, String version, String outcome) {}

  private record Attempt(String upstream, String kind, String outcome) {}

  private record Timing(String name, String status) {}

  /** What one chain counts into. */
  public final class Counting {
    private final Map<Request, Counter> requests = new ConcurrentHashMap<>();
    private final Map<Timing, Timer> durations = new ConcurrentHashMap<>();
    private final Map<Attempt, Counter> attempts = new ConcurrentHashMap<>();
    private final Map<Timing, Timer> upstreamDurations = new ConcurrentHashMap<>();

    private volatile int seen = sweeps.get();

    private Counting() {}

    /** The exchange is over. */
    public void ended(GatewayExchange exchange) {
      ExchangeTrace trace = exchange.trace() instanceof ExchangeTrace known ? known : null;
      if (trace != null && trace.reported()) {
        exemplars.during(trace, () -> count(exchange));
      } else {
        count(exchange);
      }
    }

    private void count(GatewayExchange exchange) {
      forgetWhatIsGone();
      ExchangeRecord record = exchange.record();
      String route = Objects.requireNonNullElse(record.route(), "");
      String status = HttpNames.statusClass(record.status());
      Request request =
          new Request(
              route,
              HttpNames.method(exchange.request().method().name()),
              status,
              Objects.requireNonNullElse(record.version(), ""),
              Outcomes.of(record));
      requests.computeIfAbsent(request, this::counter).increment();
      durations
          .computeIfAbsent(new Timing(route, status), t -> timer(Meters.REQUEST_DURATION, t))
          .record(exchange.now() - record.startNanos(), TimeUnit.NANOSECONDS);
      record.tries().forEach(this::count);
    }

    // A chain that outlives a table, such as that of requests without a route, may hold what was
    // let
    // go; to hold on to it would be to count into nothing.
    private void forgetWhatIsGone() {
      int now = sweeps.get();
      if (seen != now) {
        seen = now;
        requests.clear();
        durations.clear();
        attempts.clear();
        upstreamDurations.clear();
      }
    }

    private void count(Try one) {
      Destination to = one.destination();
      if (to == null) {
        return;
      }
      attempts
          .computeIfAbsent(new Attempt(to.upstream(), kind(one), Outcomes.of(one)), this::counter)
          .increment();
      if (one.lastedNanos() >= 0) {
        upstreamDurations
            .computeIfAbsent(
                new Timing(to.upstream(), HttpNames.statusClass(one.status())),
                t -> timer(Meters.UPSTREAM_DURATION, t))
            .record(one.lastedNanos(), TimeUnit.NANOSECONDS);
      }
    }

    private static String kind(Try one) {
      return one.hedge() ? "hedge" : one.number() == 1 ? "first" : "retry";
    }

    private Counter counter(Request r) {
      return Meters.REQUESTS.counter(registry, r.route, r.method, r.status, r.version, r.outcome);
    }

    private Counter counter(Attempt a) {
      return Meters.ATTEMPTS.counter(registry, a.upstream, a.kind, a.outcome);
    }

    private Timer timer(Meters meter, Timing t) {
      return meter.timer(registry, t.name, t.status);
    }
  }
}

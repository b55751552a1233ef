package dev.headgate.telemetry;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.GatewayExchange;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The one place to say that the gateway decided something: about an exchange, which goes to its
 * access-log line, or about an upstream, which goes to the log; both are counted. Cheap, but not
 * free: for what does not happen to every request. Safe for all threads.
 */
public final class Decisions {
  /** Counts nothing. */
  public static final Decisions UNCOUNTED = new Decisions(new CompositeMeterRegistry());

  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

  private final MeterRegistry meters;

  public Decisions(MeterRegistry meters) {
    this.meters = meters;
  }

  /** What became of an upstream or one of its endpoints. */
  public enum UpstreamEvent {
    BREAKER_OPENED(true),
    BREAKER_HALF_OPENED(false),
    BREAKER_CLOSED(false),
    ENDPOINT_EJECTED(true),
    ENDPOINT_RETURNED(false),
    ENDPOINT_UNHEALTHY(true),
    ENDPOINT_HEALTHY(false),
    /** A name has other addresses than before. */
    ADDRESSES_CHANGED(false);

    private final boolean bad;

    UpstreamEvent(boolean bad) {
      this.bad = bad;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * About an exchange; on its event loop.
   *
   * @param detail of a closed set, such as a failure's name; empty for none
   */
  public void made(GatewayExchange exchange, Decision decision, String detail) {
    exchange.record().decided(decision, detail, exchange.now());
    String route = Objects.requireNonNullElse(exchange.record().route(), "");
    Meters.DECISIONS.counter(meters, decision.word(), route).increment();
  }

  /**
   * About an upstream.
   *
   * @param detail what the log shall say beside it, such as the endpoint and why
   */
  public void made(UpstreamEvent event, String upstream, String detail) {
    Meters.UPSTREAM_EVENTS.counter(meters, event.word(), upstream).increment();
    LOG.atLevel(event.bad ? Level.WARN : Level.INFO)
        .log("upstream {}: {} {}", upstream, event.word(), detail);
  }
}

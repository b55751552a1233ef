package dev.headgate.telemetry;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.telemetry.trace.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What policies tell of themselves, and to whom.
 *
 * @param log takes a line for each request
 * @param decisions hears what was decided
 * @param requests counts requests
 * @param meters where policies with meters of their own have them
 * @param tracing null where the gateway takes no part in traces
 */
public record Telemetry(
    AccessLog log,
    Decisions decisions,
    RequestMeters requests,
    MeterRegistry meters,
    @Nullable Tracing tracing) {
  /** Tells nobody anything. */
  public static final Telemetry NONE =
      new Telemetry(
          AccessLog.NONE,
          Decisions.UNCOUNTED,
          new RequestMeters(new CompositeMeterRegistry(), new ExemplarSource()),
          new CompositeMeterRegistry(),
          null);

  /** A service was asked on account of an exchange, and not by its client; that call is over. */
  public void toldOfBackground(GatewayExchange exchange) {
    requests.toldOfBackground(exchange);
    if (tracing != null) {
      tracing.endedInBackground(exchange);
    }
  }
}

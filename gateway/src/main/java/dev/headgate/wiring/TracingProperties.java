package dev.headgate.wiring;

import dev.headgate.telemetry.trace.TracingSettings.Trust;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway's part in traces, {@code headgate.tracing.*}. What Spring Boot has a name for is set
 * by that: the endpoint, sampling, and the fields that are read and written.
 *
 * @param trust whose trace context is continued; {@code trusted-proxies} alone
 * @param baggage keys of baggage members that pass, {@code *} for all; none
 * @param always what is sent though it is not sampled
 * @param waitThreshold waits shorter than this have no span; 5 ms
 */
public record TracingProperties(
    @DefaultValue("trusted-proxies") Trust trust,
    @DefaultValue Set<String> baggage,
    @DefaultValue Always always,
    @DefaultValue("5ms") Duration waitThreshold) {

  /**
   * Requests whose spans are sent though they are not sampled.
   *
   * @param errors those that end as a failure of the gateway or the service; on
   * @param slowerThan those that take longer, 0 for none; 2 s
   */
  public record Always(
      @DefaultValue("true") boolean errors, @DefaultValue("2s") Duration slowerThan) {}
}

package dev.headgate.wiring;

import dev.headgate.edge.Drain;
import dev.headgate.edge.Gate;
import dev.headgate.edge.Overload;
import dev.headgate.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;

/** What goes on between the clients and the gateway, and what was refused. */
final class EdgeMeters implements MeterBinder {
  private final Drain drain;
  private final Gate gate;
  private final Overload overload;

  EdgeMeters(Drain drain, Gate gate, Overload overload) {
    this.drain = drain;
    this.gate = gate;
    this.overload = overload;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Meters.REQUESTS_IN_FLIGHT.gauge(registry, drain, Drain::inFlight);
    Meters.CONNECTIONS.gauge(registry, gate, Gate::open);
    for (Gate.Reason reason : Gate.Reason.values()) {
      Meters.CONNECTIONS_REFUSED.counter(
          registry, gate, g -> g.refused(reason), reason.name().toLowerCase(Locale.ROOT));
    }
    Meters.OVERLOAD_REFUSED.counter(registry, overload, Overload::refused);
    Meters.OVERLOADED.gauge(registry, drain, d -> overload.full(d.inFlight()) ? 1 : 0, "in_flight");
    Meters.OVERLOADED.gauge(registry, overload, o -> o.memoryFull() ? 1 : 0, "direct_memory");
    Meters.DIRECT_MEMORY_USED.gauge(registry, this, self -> DirectMemory.used());
    Meters.DIRECT_MEMORY_MAX.gauge(registry, this, self -> DirectMemory.max());
  }
}

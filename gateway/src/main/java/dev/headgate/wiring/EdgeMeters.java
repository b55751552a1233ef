package dev.headgate.wiring;

import dev.headgate.edge.Drain;
import dev.headgate.edge.Gate;
import dev.headgate.edge.Overload;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
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
    Gauge.builder("headgate.requests.in.flight", drain, Drain::inFlight)
        .description("Exchanges begun and not over")
        .register(registry);
    Gauge.builder("headgate.connections", gate, Gate::open)
        .description("Open client connections")
        .register(registry);
    for (Gate.Reason reason : Gate.Reason.values()) {
      FunctionCounter.builder("headgate.connections.refused", gate, g -> g.refused(reason))
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .description("Client connections ended before their first request")
          .register(registry);
    }
    FunctionCounter.builder("headgate.overload.refused", overload, Overload::refused)
        .description("Requests refused since there was more to do than can be done")
        .register(registry);
    overloaded("in_flight", registry, () -> overload.full(drain.inFlight()));
    overloaded("direct_memory", registry, overload::memoryFull);
    Gauge.builder("headgate.direct.memory.used", DirectMemory::used)
        .description("Direct memory of Netty's buffers in use")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("headgate.direct.memory.max", DirectMemory::max)
        .description("Direct memory that Netty may use")
        .baseUnit("bytes")
        .register(registry);
  }

  private static void overloaded(
      String limit, MeterRegistry registry, java.util.function.BooleanSupplier reached) {
    Gauge.builder("headgate.overloaded", () -> reached.getAsBoolean() ? 1 : 0)
        .tag("limit", limit)
        .description("Whether new requests are refused on account of this limit")
        .register(registry);
  }
}

package dev.headgate.upstream;

import dev.headgate.config.EjectionConfig;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.telemetry.Decisions;
import dev.headgate.telemetry.Decisions.UpstreamEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream's endpoints share, whatever the table: whose turn it is, and who is ejected.
 * Safe for all threads; nobody waits.
 */
final class UpstreamState {
  private final String id;
  private final Decisions decisions;
  private final AtomicLong turns = new AtomicLong();
  private final AtomicLong version = new AtomicLong();
  private final AtomicReference<Ejections<EndpointKey>> ejections =
      new AtomicReference<>(Ejections.none());
  private final LongAdder connectionsCreated = new LongAdder();
  private volatile @Nullable Upstream inForce;

  UpstreamState(String id, Decisions decisions) {
    this.id = id;
    this.decisions = decisions;
  }

  String id() {
    return id;
  }

  /** Connections begun to be opened, by whichever endpoint. */
  LongAdder connectionsCreated() {
    return connectionsCreated;
  }

  AtomicLong turns() {
    return turns;
  }

  /** Changes with whatever decides which endpoints are used, and how much. */
  long version() {
    return version.get();
  }

  Ejections<EndpointKey> ejections() {
    return Objects.requireNonNull(ejections.get());
  }

  /** As the active table has it; null before the first that names it. */
  @Nullable Upstream inForce() {
    return inForce;
  }

  /** A table is active: its endpoints and limits are those that count from now on. */
  void use(Upstream upstream, long now) {
    inForce = upstream;
    settle(now);
    changed();
  }

  void changed() {
    version.incrementAndGet();
  }

  /** Something became of an endpoint. */
  void changed(UpstreamEvent event, String detail) {
    changed();
    decisions.made(event, id, detail);
  }

  /** How many failures in a row eject an endpoint; 0 where none do. */
  int failuresToEject() {
    EjectionConfig config = ejectionConfig();
    return config == null ? 0 : config.consecutiveFailures();
  }

  /**
   * An endpoint has failed often enough.
   *
   * @return whether it is ejected now, by this or another's hand
   */
  boolean eject(EndpointState endpoint, long now) {
    settle(now);
    Upstream current = inForce;
    EjectionConfig config = ejectionConfig();
    if (current == null || config == null) {
      return false;
    }
    List<EndpointState> all = current.endpoints();
    List<EndpointKey> keys = all.stream().map(EndpointState::key).toList();
    Set<EndpointKey> unhealthy = new HashSet<>();
    all.stream().filter(e -> !e.healthy()).forEach(e -> unhealthy.add(e.key()));
    while (true) {
      Ejections<EndpointKey> before = ejections();
      Ejections<EndpointKey> after =
          before.eject(endpoint.key(), keys, k -> !unhealthy.contains(k), config, now);
      if (after == before) {
        return before.ejected(endpoint.key());
      }
      if (ejections.compareAndSet(before, after)) {
        changed(
            UpstreamEvent.ENDPOINT_EJECTED,
            "%s after %d failures".formatted(endpoint.key().name(), config.consecutiveFailures()));
        return true;
      }
    }
  }

  /** Lets those return whose time is over. */
  void settle(long now) {
    Upstream current = inForce;
    if (current == null) {
      return;
    }
    while (true) {
      Ejections<EndpointKey> before = ejections();
      Ejections<EndpointKey> after =
          before.settled(
              current.endpoints().stream().map(EndpointState::key).toList(), ejectionConfig(), now);
      if (after == before) {
        return;
      }
      if (ejections.compareAndSet(before, after)) {
        after
            .returnedSince(before)
            .forEach(key -> changed(UpstreamEvent.ENDPOINT_RETURNED, key.name()));
        changed();
        return;
      }
    }
  }

  /** An exchange is routed by the panic rule. */
  void panics(GatewayExchange exchange) {
    boolean said =
        exchange.record().decisions().stream().anyMatch(m -> m.decision() == Decision.PANIC);
    if (!said) {
      decisions.made(exchange, Decision.PANIC, "");
    }
  }

  private @Nullable EjectionConfig ejectionConfig() {
    Upstream current = inForce;
    return current == null ? null : current.config().ejection();
  }
}

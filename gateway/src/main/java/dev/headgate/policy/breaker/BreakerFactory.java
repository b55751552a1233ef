package dev.headgate.policy.breaker;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.telemetry.Decisions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The breakers, one for each upstream, whichever routes and versions use it. A reload that does not
 * change its settings leaves a breaker as it is; other settings take its state over.
 */
public final class BreakerFactory implements PolicyFactory {
  /** The words for what a breaker is in, as logs and meters write them. */
  public static final List<String> STATES = List.of("closed", "open", "half-open", "ramp-up");

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final LongSupplier nanos;
  private final Decisions decisions;
  private final Map<String, BreakerSlot> slots = new ConcurrentHashMap<>();

  /**
   * @param nanos the event loops' ticker
   */
  public BreakerFactory(LongSupplier nanos, Decisions decisions) {
    this.nanos = nanos;
    this.decisions = decisions;
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.CIRCUIT_BREAKER;
  }

  @Override
  public List<ConfigKey<?>> upstreamKeys() {
    return List.of(BreakerConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    UpstreamConfig upstream = context.upstream();
    if (upstream == null) {
      return Optional.empty();
    }
    return BreakerConfig.of(upstream)
        .map(
            config ->
                new BreakerPolicy(
                    slots.computeIfAbsent(upstream.id(), id -> slot(id, config)),
                    config.failureStatus(),
                    patience(context.route(), config).toNanos(),
                    decisions));
  }

  private BreakerSlot slot(String upstream, BreakerConfig config) {
    return new BreakerSlot(config, with -> new Breaker(upstream, with, nanos, decisions));
  }

  /**
   * Half of what the route gives all tries together, or what is slow, whichever is less: whoever
   * has had that and has not answered was not cut short.
   */
  private static Duration patience(@Nullable RouteConfig route, BreakerConfig config) {
    Duration total = route == null ? null : route.timeout().total();
    Duration share = total == null ? PATIENCE : total.dividedBy(2);
    Duration slow = config.slowCall();
    return slow == null || slow.compareTo(share) > 0 ? share : slow;
  }

  @Override
  public void activated(ConfigSet set) {
    Map<String, BreakerConfig> inForce = new HashMap<>();
    for (UpstreamConfig upstream : set.upstreams().values()) {
      BreakerConfig.of(upstream).ifPresent(config -> inForce.put(upstream.id(), config));
    }
    slots.keySet().retainAll(inForce.keySet());
    slots.forEach(
        (id, slot) -> {
          BreakerConfig config = inForce.get(id);
          if (config != null) {
            slot.configure(config);
          }
        });
  }

  /** The upstreams that have a breaker, in no order. */
  public List<String> upstreams() {
    return List.copyOf(slots.keySet());
  }

  /** What an upstream's breaker is in, one of {@link #STATES}; empty where it has none. */
  public Optional<String> state(String upstream) {
    return Optional.ofNullable(slots.get(upstream)).map(BreakerSlot::word);
  }
}

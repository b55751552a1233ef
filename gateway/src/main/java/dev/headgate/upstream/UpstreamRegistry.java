package dev.headgate.upstream;

import dev.headgate.config.EndpointConfig;
import dev.headgate.config.HostPolicy;
import dev.headgate.config.PoolConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.telemetry.Decisions;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live state of endpoints, which outlives the tables: an endpoint that is still named after a
 * reload keeps its connections, its health, its ejection, and the count of what it is doing.
 */
public final class UpstreamRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamRegistry.class);

  private final Connector connector;
  private final Supplier<EventLoop> background;
  private final Decisions decisions;
  private volatile Live live = new Live(Map.of(), Map.of());

  /** What the active table uses. */
  private record Live(
      Map<EndpointKey, EndpointState> endpoints, Map<String, UpstreamState> upstreams) {
    /** With each address of the names. */
    Stream<EndpointState> all() {
      return endpoints.values().stream().flatMap(UpstreamRegistry::withAddresses);
    }
  }

  private static Stream<EndpointState> withAddresses(EndpointState one) {
    return Stream.concat(Stream.of(one), one.addresses().stream());
  }

  /**
   * @param background gives the event loop on which an endpoint is checked and its name resolved
   * @param decisions hears of endpoints that are ejected, return, or change their health
   */
  public UpstreamRegistry(
      Connector connector, Supplier<EventLoop> background, Decisions decisions) {
    this.connector = connector;
    this.background = background;
    this.decisions = decisions;
  }

  /** Builds the upstreams of a new table; nothing that runs is touched before its commit. */
  public Plan plan(Collection<UpstreamConfig> configs) {
    Plan plan = new Plan(live);
    configs.forEach(plan::add);
    return plan;
  }

  /**
   * Why an SSL bundle cannot be used for upstreams, or null where it can; asked for every bundle of
   * a set before it is planned. Reads files.
   */
  public @Nullable String problemWith(String bundle) {
    return connector.tls().problemWith(bundle);
  }

  /**
   * An SSL bundle's material has changed: new connections use it, those that stand finish what they
   * carry and are not used again. Reads files.
   */
  public void bundleChanged(String bundle) {
    try {
      connector.tls().reload(bundle);
    } catch (SSLException e) {
      LOG.error("SSL bundle {} has changed and cannot be used: the old stays in use", bundle, e);
      return;
    }
    live.endpoints.forEach(
        (key, endpoint) -> {
          if (key.tls() != null && bundle.equals(key.tls().bundle())) {
            endpoint.renew();
          }
        });
    LOG.info("SSL bundle {} has changed: upstream connections are renewed", bundle);
  }

  /** The pools in use, for the meters. */
  public List<PoolStatus> pools() {
    return live.all().map(UpstreamRegistry::poolStatus).toList();
  }

  private static PoolStatus poolStatus(EndpointState endpoint) {
    EndpointKey key = endpoint.key();
    ConnectionPool pool = endpoint.pool();
    return new PoolStatus(key.upstream(), key.name(), pool.size(), pool.idle(), pool.waiting());
  }

  /** The upstreams in use, for the meters. */
  public List<UpstreamStatus> upstreams() {
    return live.upstreams.values().stream().map(this::status).toList();
  }

  /** One of them, or null. */
  public @Nullable UpstreamStatus upstream(String id) {
    UpstreamState upstream = live.upstreams.get(id);
    return upstream == null ? null : status(upstream);
  }

  private UpstreamStatus status(UpstreamState upstream) {
    upstream.settle(now());
    Upstream current = upstream.inForce();
    Map<EndpointStatus, Integer> counts =
        current == null
            ? Map.of()
            : current.endpoints().stream()
                .collect(Collectors.toMap(e -> status(upstream, e), e -> 1, Integer::sum));
    List<PoolStatus> pools =
        current == null
            ? List.of()
            : current.places().stream()
                .map(Upstream.Place::state)
                .distinct()
                .flatMap(UpstreamRegistry::withAddresses)
                .map(UpstreamRegistry::poolStatus)
                .toList();
    return new UpstreamStatus(
        upstream.id(), counts, pools, upstream.connectionsCreated().longValue());
  }

  private static EndpointStatus status(UpstreamState upstream, EndpointState endpoint) {
    if (upstream.ejections().ejected(endpoint.key())) {
      return EndpointStatus.EJECTED;
    }
    return endpoint.healthy() ? EndpointStatus.HEALTHY : EndpointStatus.UNHEALTHY;
  }

  private long now() {
    return background.get().ticker().nanoTime();
  }

  /**
   * One endpoint's connections at a moment.
   *
   * @param open opening or open, idle ones included
   * @param waiting calls that wait for one
   */
  public record PoolStatus(String upstream, String endpoint, int open, int idle, int waiting) {}

  /** What an endpoint is at a moment; one that is not checked is healthy. */
  public enum EndpointStatus {
    HEALTHY,
    UNHEALTHY,
    /** Whatever its health. */
    EJECTED
  }

  /**
   * An upstream at a moment.
   *
   * @param endpoints how many of them are what; what none is, is left out
   * @param pools its endpoints' connections
   * @param connectionsCreated since it was first named: those begun to be opened
   */
  public record UpstreamStatus(
      String upstream,
      Map<EndpointStatus, Integer> endpoints,
      List<PoolStatus> pools,
      long connectionsCreated) {
    /** Connections that carry something, opening ones included. */
    public int inUse() {
      return pools.stream().mapToInt(pool -> pool.open() - pool.idle()).sum();
    }

    /** Connections that carry nothing. */
    public int idle() {
      return pools.stream().mapToInt(PoolStatus::idle).sum();
    }

    /** Calls that wait for a connection. */
    public int pending() {
      return pools.stream().mapToInt(PoolStatus::waiting).sum();
    }
  }

  /** The upstreams of a table that is being built. */
  public final class Plan {
    private final Live before;
    private final Map<EndpointKey, EndpointState> endpoints = new HashMap<>();
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final List<Runnable> commits = new ArrayList<>();

    private Plan(Live before) {
      this.before = before;
    }

    /**
     * @throws IllegalArgumentException when the set has no such upstream
     */
    public Upstream upstream(String id) {
      Upstream upstream = upstreams.get(id);
      if (upstream == null) {
        throw new IllegalArgumentException(id + " (expected: one of the set's upstreams)");
      }
      return upstream;
    }

    /** The table is active: its limits apply, and what it no longer names is let go. */
    public void commit() {
      commits.forEach(Runnable::run);
      live =
          new Live(
              Map.copyOf(endpoints),
              upstreams.values().stream()
                  .collect(Collectors.toUnmodifiableMap(Upstream::id, Upstream::state)));
      before.endpoints.forEach(
          (key, endpoint) -> {
            if (!endpoints.containsKey(key)) {
              endpoint.retire();
            }
          });
    }

    private void add(UpstreamConfig config) {
      UpstreamState running = before.upstreams.get(config.id());
      UpstreamState state = running != null ? running : new UpstreamState(config.id(), decisions);
      PoolSettings limits = settings(config);
      List<Upstream.Place> places =
          config.endpoints().stream().map(e -> place(config, e, state, limits)).toList();
      Upstream upstream =
          new Upstream(state, places, hostHeader(config.host()), config.balancing(), now());
      upstreams.put(config.id(), upstream);
      commits.add(() -> commit(upstream, limits));
    }

    private void commit(Upstream upstream, PoolSettings limits) {
      long now = now();
      boolean running = upstream.state().inForce() != null;
      for (Upstream.Place place : upstream.places()) {
        if (running && !before.endpoints.containsKey(place.state().key())) {
          place.state().joined(now);
        }
      }
      upstream.state().use(upstream, now);
      upstream.places().forEach(p -> p.state().use(limits, upstream.config(), p.basePath()));
    }

    private Upstream.Place place(
        UpstreamConfig upstream, EndpointConfig config, UpstreamState owner, PoolSettings limits) {
      EndpointKey key =
          new EndpointKey(
              upstream.id(),
              upstream.protocol(),
              config.tls() ? upstream.tls() : null,
              config.host(),
              config.port());
      EndpointState state =
          endpoints.computeIfAbsent(
              key,
              k -> {
                EndpointState running = before.endpoints.get(k);
                return running != null
                    ? running
                    : new EndpointState(k, owner, limits, connector, background.get());
              });
      return new Upstream.Place(config.basePath(), config.weight(), state);
    }
  }

  private static PoolSettings settings(UpstreamConfig config) {
    PoolConfig pool = config.pool();
    return new PoolSettings(
        pool.maxConnections(), pool.maxIdle(), pool.maxLife(), config.connectTimeout());
  }

  private static HostHeader hostHeader(HostPolicy policy) {
    if (policy instanceof HostPolicy.Literal literal) {
      return new HostHeader.Literal(literal.value());
    }
    return policy instanceof HostPolicy.Preserve
        ? new HostHeader.Preserved()
        : new HostHeader.OfEndpoint();
  }
}

package dev.headgate.upstream;

import dev.headgate.config.EndpointConfig;
import dev.headgate.config.HostPolicy;
import dev.headgate.config.PoolConfig;
import dev.headgate.config.UpstreamConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live state of endpoints, which outlives the tables: an endpoint that is still named after a
 * reload keeps its connections.
 */
public final class UpstreamRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamRegistry.class);

  private final Connector connector;
  private volatile Map<EndpointKey, ConnectionPool> live = Map.of();

  public UpstreamRegistry(Connector connector) {
    this.connector = connector;
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
    live.forEach(
        (key, pool) -> {
          if (key.tls() != null && bundle.equals(key.tls().bundle())) {
            pool.renew();
          }
        });
    LOG.info("SSL bundle {} has changed: upstream connections are renewed", bundle);
  }

  /** The pools in use, for the meters. */
  public List<PoolStatus> pools() {
    return live.entrySet().stream()
        .map(
            entry ->
                new PoolStatus(
                    entry.getKey().upstream(),
                    entry.getKey().name(),
                    entry.getValue().size(),
                    entry.getValue().idle(),
                    entry.getValue().waiting()))
        .toList();
  }

  /**
   * One endpoint's connections at a moment.
   *
   * @param open opening or open, idle ones included
   * @param waiting calls that wait for one
   */
  public record PoolStatus(String upstream, String endpoint, int open, int idle, int waiting) {}

  /** The upstreams of a table that is being built. */
  public final class Plan {
    private final Map<EndpointKey, ConnectionPool> before;
    private final Map<EndpointKey, ConnectionPool> pools = new HashMap<>();
    private final List<Runnable> commits = new ArrayList<>();
    private final Map<String, Upstream> upstreams = new HashMap<>();

    private Plan(Map<EndpointKey, ConnectionPool> before) {
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
      live = Map.copyOf(pools);
      before.forEach(
          (key, pool) -> {
            if (!pools.containsKey(key)) {
              pool.retire();
            }
          });
    }

    private void add(UpstreamConfig config) {
      PoolSettings limits = settings(config);
      List<Endpoint> endpoints =
          config.endpoints().stream().map(e -> endpoint(config, e, limits)).toList();
      upstreams.put(config.id(), new Upstream(config.id(), endpoints, hostHeader(config.host())));
    }

    private Endpoint endpoint(UpstreamConfig upstream, EndpointConfig config, PoolSettings limits) {
      EndpointKey key =
          new EndpointKey(
              upstream.id(),
              upstream.protocol(),
              config.tls() ? upstream.tls() : null,
              config.host(),
              config.port());
      ConnectionPool pool =
          pools.computeIfAbsent(
              key,
              k -> {
                ConnectionPool running = before.get(k);
                return running != null ? running : new ConnectionPool(k, limits, connector);
              });
      commits.add(() -> pool.use(limits));
      return Endpoint.of(key, config.basePath(), config.weight(), pool);
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

package dev.headgate.upstream;

import dev.headgate.config.BalancingConfig;
import dev.headgate.telemetry.Decisions.UpstreamEvent;
import dev.headgate.upstream.HealthVerdict.Health;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an endpoint, for as long as any table names it: its connections, the tries that
 * run, its failures in a row, its health. A name with several addresses has one of these for each
 * of them, and then none of its own is in use.
 *
 * <p>Tries are counted from any event loop. Checks and resolution live on one event loop, that of
 * the endpoint's background work.
 */
final class EndpointState implements Endpoint.Tally, HealthChecker.Listener {
  private static final long NEVER = Long.MIN_VALUE;

  private final EndpointKey key;
  private final UpstreamState owner;
  private final Connector connector;
  private final EventLoop background;
  private final ConnectionPool pool;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final HealthChecker checker;
  private final @Nullable NameResolution resolution;
  private volatile PoolSettings limits;
  private volatile Health health = Health.UNKNOWN;
  private volatile long joinedNanos = NEVER;
  private volatile boolean retired;
  private volatile List<EndpointState> addresses = List.of();

  EndpointState(
      EndpointKey key,
      UpstreamState owner,
      PoolSettings limits,
      Connector connector,
      EventLoop background) {
    this.key = key;
    this.owner = owner;
    this.connector = connector;
    this.background = background;
    this.limits = limits;
    this.pool = new ConnectionPool(key, limits, connector, owner.connectionsCreated());
    this.checker =
        new HealthChecker(this, background, new Probe(key, owner, connector, background));
    this.resolution = resolves(key) ? new NameResolution(this, background, connector) : null;
  }

  // RFC 6761 section 6.3: what localhost is, is known.
  private static boolean resolves(EndpointKey key) {
    return key.address() == null
        && !key.host().equals("localhost")
        && NetUtil.createByteArrayFromIpAddressString(key.host()) == null;
  }

  EndpointKey key() {
    return key;
  }

  ConnectionPool pool() {
    return pool;
  }

  UpstreamState owner() {
    return owner;
  }

  /** What requests go to: itself, or each address of the name where there are several. */
  List<EndpointState> members() {
    List<EndpointState> spread = addresses;
    return spread.isEmpty() ? List.of(this) : spread;
  }

  /** With all that has connections: its own may have outlived the spreading. */
  List<EndpointState> addresses() {
    return addresses;
  }

  Endpoint endpoint(String basePath, int weight) {
    return Endpoint.of(key, basePath, weight, pool, this);
  }

  // ---- tries

  @Override
  public void begun() {
    active.incrementAndGet();
  }

  @Override
  public int active() {
    return active.get();
  }

  @Override
  public void ended(Outcome outcome, long startNanos, long nowNanos) {
    active.decrementAndGet();
    if (outcome == Outcome.SUCCESS) {
      if (failures.get() != 0) {
        failures.set(0);
      }
    } else if (outcome == Outcome.FAILURE) {
      failed(startNanos, nowNanos);
    }
  }

  private void failed(long startNanos, long now) {
    int enough = owner.failuresToEject();
    if (enough == 0 || fromBefore(startNanos)) {
      return;
    }
    if (failures.incrementAndGet() >= enough && owner.eject(this, now)) {
      failures.set(0);
    }
  }

  // Tries that were under way when it was ejected, or that panic sent there, tell nothing new.
  private boolean fromBefore(long startNanos) {
    Ejections<EndpointKey> ejections = owner.ejections();
    OptionalLong returned = ejections.returnedNanos(key);
    return ejections.ejected(key)
        || (returned.isPresent() && startNanos - returned.getAsLong() < 0);
  }

  // ---- health and time

  boolean healthy() {
    return health != Health.UNHEALTHY;
  }

  @Override
  public void health(Health changed, String why, long now) {
    Health before = health;
    health = changed;
    if (retired) {
      return;
    }
    if (changed == Health.UNHEALTHY && before != Health.UNHEALTHY) {
      owner.changed(UpstreamEvent.ENDPOINT_UNHEALTHY, key.name() + ": " + why);
    } else if (before == Health.UNHEALTHY) {
      joined(now);
      owner.changed(UpstreamEvent.ENDPOINT_HEALTHY, key.name() + ": " + why);
    }
  }

  /** It is new to an upstream that runs, or well again. */
  void joined(long now) {
    joinedNanos = now;
  }

  /** For how long it has been there; for ever where it has been from the start. */
  long sinceJoined(long now) {
    long joined = joinedNanos;
    return joined == NEVER ? Long.MAX_VALUE : now - joined;
  }

  // ---- its life

  /** A table that names it is active. */
  void use(PoolSettings changed, BalancingConfig config, String basePath) {
    limits = changed;
    if (addresses.isEmpty()) {
      pool.use(changed);
    }
    checker.use(config.healthCheck(), basePath);
    if (resolution != null) {
      resolution.use(config.dnsRefresh());
      background.execute(
          () -> {
            // Those that were made with the limits of before; and of the two, a name and its
            // addresses, only one is checked.
            addresses.forEach(one -> one.use(changed, config, basePath));
            if (!addresses.isEmpty()) {
              checker.stop();
            }
          });
    }
  }

  /** No table names it any more; what is in flight ends as it would have. */
  void retire() {
    retired = true;
    pool.retire();
    checker.stop();
    if (resolution != null) {
      resolution.stop();
      background.execute(() -> addresses.forEach(EndpointState::retire));
    }
  }

  /** Connections are not used again once what they carry is over. */
  void renew() {
    pool.renew();
    addresses.forEach(EndpointState::renew);
  }

  /** The name's addresses are these from now on; on the background's event loop. */
  void spread(List<EndpointState> over) {
    addresses = over;
    // Nothing is picked there any more.
    pool.retire();
    checker.stop();
  }

  /** State for one of the name's addresses. */
  EndpointState at(InetAddress address) {
    EndpointState one = new EndpointState(key.at(address), owner, limits, connector, background);
    checker.shareWith(one.checker);
    return one;
  }
}

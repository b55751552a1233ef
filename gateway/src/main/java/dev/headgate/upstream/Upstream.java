package dev.headgate.upstream;

import dev.headgate.config.BalancingConfig;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Try;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** A service as one table has it: its endpoints, and how they are chosen and addressed. */
public final class Upstream {
  /** With a smaller part of the endpoints, by weight, left to use, all are used. */
  private static final double PANIC_BELOW = 0.5;

  private static final int FULL_SHARE = 1_000;
  private static final int SLOW_START_STEPS = 50;

  private final UpstreamState state;
  private final List<Place> places;
  private final HostHeader hostHeader;
  private final BalancingConfig config;
  private final Balancer balancer;
  private volatile Picture picture;

  /**
   * One endpoint of the config.
   *
   * @param state its own, or that of its name where that has several addresses
   */
  record Place(String basePath, int weight, EndpointState state) {}

  /**
   * What the endpoints' state looked like at a moment.
   *
   * @param version of the state
   * @param staleAt when time alone will have made it another
   */
  private record Picture(Rotation rotation, boolean panic, long version, long staleAt) {}

  private record Member(Endpoint endpoint, EndpointState state) {}

  Upstream(
      UpstreamState state,
      List<Place> places,
      HostHeader hostHeader,
      BalancingConfig config,
      long now) {
    this.state = state;
    this.places = List.copyOf(places);
    this.hostHeader = hostHeader;
    this.config = config;
    this.balancer = Balancer.of(config.method(), state.turns());
    this.picture = look(now);
  }

  public String id() {
    return state.id();
  }

  UpstreamState state() {
    return state;
  }

  HostHeader hostHeader() {
    return hostHeader;
  }

  BalancingConfig config() {
    return config;
  }

  List<Place> places() {
    return places;
  }

  /** All endpoints as they are now, each address of a name with several by itself; no two alike. */
  List<EndpointState> endpoints() {
    return places.stream().flatMap(place -> place.state().members().stream()).distinct().toList();
  }

  /**
   * The endpoint for a try, not one that the exchange has been to where there is another. Waits for
   * nobody, and allocates nothing unless something has changed or the exchange was tried before.
   */
  Endpoint pick(GatewayExchange exchange, Try one) {
    long now = exchange.now();
    Picture seen = picture;
    if (seen.version != state.version() || now - seen.staleAt >= 0) {
      state.settle(now);
      seen = look(now);
      picture = seen;
    }
    if (seen.panic) {
      state.panics(exchange);
    }
    Rotation left = seen.rotation.without(exchange, one);
    return left.size() == 1 ? left.at(0) : balancer.choose(left, exchange);
  }

  private Picture look(long now) {
    // Read first: what changes meanwhile makes this picture stale.
    long version = state.version();
    Ejections<EndpointKey> ejections = state.ejections();
    List<Member> all = new ArrayList<>(places.size());
    for (Place place : places) {
      for (EndpointState one : place.state().members()) {
        all.add(new Member(one.endpoint(place.basePath(), place.weight()), one));
      }
    }
    List<Member> usable =
        all.stream().filter(m -> m.state.healthy() && !ejections.ejected(m.state.key())).toList();
    boolean panic = weight(usable) < PANIC_BELOW * weight(all);
    List<Member> used = panic ? all : usable;
    int[] shares = used.stream().mapToInt(m -> share(m.state, ejections, now)).toArray();
    boolean ramping = IntStream.of(shares).anyMatch(share -> share < FULL_SHARE);
    return new Picture(
        rotation(used, shares, ramping), panic, version, now + lasts(ejections, ramping, now));
  }

  private static Rotation rotation(List<Member> used, int[] shares, boolean ramping) {
    long[] weights = new long[shares.length];
    for (int i = 0; i < weights.length; i++) {
      int weight = used.get(i).endpoint.weight();
      // In the config's own figures a round is short.
      weights[i] = ramping ? (long) weight * shares[i] : weight;
    }
    return new Rotation(used.stream().map(Member::endpoint).toList(), weights);
  }

  private long lasts(Ejections<EndpointKey> ejections, boolean ramping, long now) {
    long untilReturn = ejections.nanosToReturn(now).orElse(Long.MAX_VALUE / 2);
    Duration slow = config.slowStart();
    return ramping && slow != null
        ? Math.min(untilReturn, slow.toNanos() / SLOW_START_STEPS)
        : untilReturn;
  }

  private int share(EndpointState member, Ejections<EndpointKey> ejections, long now) {
    Duration slow = config.slowStart();
    return slow == null
        ? FULL_SHARE
        : SlowStart.share(
            FULL_SHARE,
            slow.toNanos(),
            Math.min(member.sinceJoined(now), sinceReturned(member.key(), ejections, now)));
  }

  private static long sinceReturned(EndpointKey key, Ejections<EndpointKey> ejections, long now) {
    OptionalLong returned = ejections.returnedNanos(key);
    return returned.isPresent() ? now - returned.getAsLong() : Long.MAX_VALUE;
  }

  private static double weight(List<Member> members) {
    return members.stream().mapToInt(m -> m.endpoint.weight()).sum();
  }
}

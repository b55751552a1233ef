package dev.headgate.upstream;

import dev.headgate.telemetry.Decisions.UpstreamEvent;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the addresses of an endpoint's name. As long as the name has had one, connections are
 * made by the name, and whoever moves it is noticed by new connections; from the first time that it
 * has several, each has connections, health and ejection of its own. An answer that does not come,
 * or is empty, changes nothing.
 *
 * <p>One question at a time, on one event loop; the resolver's limits bound each.
 */
final class NameResolution {
  private static final Logger LOG = LoggerFactory.getLogger(NameResolution.class);

  /** As many as an upstream may have endpoints. */
  private static final int MOST_ADDRESSES = 1_000;

  private static final double JITTER = 0.1;

  private final EndpointState name;
  private final EventLoop loop;
  private final Connector connector;
  private @Nullable Duration refresh;
  private @Nullable Future<?> next;
  private boolean asking;
  private boolean failing;
  private boolean answered;

  NameResolution(EndpointState name, EventLoop loop, Connector connector) {
    this.name = name;
    this.loop = loop;
    this.connector = connector;
  }

  /** Asks from now on; the first time at once. */
  void use(Duration every) {
    loop.execute(
        () -> {
          boolean same = every.equals(refresh);
          refresh = every;
          if (!same && !asking) {
            unschedule();
            ask();
          }
        });
  }

  void stop() {
    loop.execute(
        () -> {
          refresh = null;
          unschedule();
        });
  }

  private void unschedule() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }

  private void ask() {
    next = null;
    if (refresh == null) {
      return;
    }
    asking = true;
    connector
        .resolve(loop, name.key())
        .addListener(
            (Future<List<InetSocketAddress>> found) -> {
              // The resolver may answer on another event loop.
              if (loop.inEventLoop()) {
                answered(found);
              } else {
                loop.execute(() -> answered(found));
              }
            });
  }

  private void answered(Future<List<InetSocketAddress>> found) {
    asking = false;
    Duration every = refresh;
    if (every == null) {
      return;
    }
    if (found.isSuccess() && !found.getNow().isEmpty()) {
      failing = false;
      apply(usable(found.getNow()));
      answered = true;
    } else if (!failing) {
      failing = true;
      tellFailure(found.cause());
    }
    double jitter = 1 - JITTER + 2 * JITTER * ThreadLocalRandom.current().nextDouble();
    next = loop.schedule(this::ask, (long) (every.toNanos() * jitter), TimeUnit.NANOSECONDS);
  }

  // A name that never was is told by every request to it.
  private void tellFailure(@Nullable Throwable cause) {
    if (answered) {
      LOG.warn(
          "upstream {}: {} does not resolve any more, its last addresses stay in use: {}",
          name.owner().id(),
          name.key().name(),
          String.valueOf(cause));
    } else {
      LOG.info("upstream {}: {} does not resolve", name.owner().id(), name.key().name(), cause);
    }
  }

  private void apply(List<InetAddress> found) {
    List<EndpointState> before = name.addresses();
    if (before.isEmpty() && found.size() == 1) {
      return;
    }
    Map<InetAddress, EndpointState> known =
        before.stream()
            .collect(Collectors.toMap(one -> one.key().address(), one -> one, (a, b) -> a));
    if (known.size() == found.size() && known.keySet().containsAll(found)) {
      return;
    }
    long now = loop.ticker().nanoTime();
    List<EndpointState> after = new ArrayList<>(found.size());
    for (InetAddress address : found) {
      EndpointState one = known.remove(address);
      after.add(one != null ? one : joining(address, now));
    }
    name.spread(List.copyOf(after));
    known.values().forEach(EndpointState::retire);
    name.owner()
        .changed(
            UpstreamEvent.ADDRESSES_CHANGED,
            name.key().name() + " is " + found.size() + " addresses, were " + before.size());
  }

  // What is known from the first answer on has been there as long as the name.
  private EndpointState joining(InetAddress address, long now) {
    EndpointState one = name.at(address);
    if (answered || name.sinceJoined(now) != Long.MAX_VALUE) {
      one.joined(now);
    }
    return one;
  }

  /**
   * The addresses to use: of the family that the resolver puts first, since where both are known
   * one of them may lead nowhere; in one order, whatever that of the answer.
   */
  static List<InetAddress> usable(List<InetSocketAddress> found) {
    Class<?> family = found.get(0).getAddress().getClass();
    return found.stream()
        .map(InetSocketAddress::getAddress)
        .filter(family::isInstance)
        .distinct()
        .sorted(Comparator.comparing(InetAddress::getAddress, Arrays::compareUnsigned))
        .limit(MOST_ADDRESSES)
        .toList();
  }
}

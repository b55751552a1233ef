package dev.headgate.upstream;

import dev.headgate.config.UpstreamProtocol;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Endpoints that nobody connects to, with loads that a test says. */
final class Spots {
  private static final Duration ANY = Duration.ofSeconds(1);

  private Spots() {}

  /** A load to be set. */
  static final class Load implements Endpoint.Tally {
    int active;

    @Override
    public void begun() {
      active++;
    }

    @Override
    public void ended(Outcome outcome, long startNanos, long nowNanos) {
      active--;
    }

    @Override
    public int active() {
      return active;
    }
  }

  static Connector unconnected() {
    return new Connector(
        loop -> {
          throw new AssertionError("nobody connects");
        },
        DefaultAddressResolverGroup.INSTANCE,
        new TlsContexts(bundle -> TlsMaterial.OF_THE_JVM));
  }

  static EndpointKey key(String host) {
    return new EndpointKey("svc", UpstreamProtocol.H1, null, host, 80);
  }

  static Endpoint endpoint(String host, int weight) {
    EndpointKey key = key(host);
    PoolSettings settings = new PoolSettings(1, ANY, ANY, ANY);
    ConnectionPool pool = new ConnectionPool(key, settings, unconnected(), new LongAdder());
    return Endpoint.of(key, "", weight, pool, new Load());
  }

  /** Endpoints a, b, c and so on. */
  static Rotation rotation(int... weights) {
    List<Endpoint> endpoints = new ArrayList<>();
    long[] theirs = new long[weights.length];
    for (int i = 0; i < weights.length; i++) {
      endpoints.add(endpoint(String.valueOf((char) ('a' + i)), weights[i]));
      theirs[i] = weights[i];
    }
    return new Rotation(endpoints, theirs);
  }

  static void load(Rotation rotation, int index, int active) {
    ((Load) rotation.at(index).tally()).active = active;
  }
}

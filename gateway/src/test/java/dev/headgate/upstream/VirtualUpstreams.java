package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.LoadResult;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A registry whose clock is moved by hand, and whose names mean what a test says; no sockets. */
final class VirtualUpstreams {
  private final VirtualTime time = new VirtualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final UpstreamRegistry registry;
  final Queue<Promise<List<InetAddress>>> questions = new ArrayDeque<>();

  VirtualUpstreams() {
    registry =
        new UpstreamRegistry(
            new Connector(
                loop -> {
                  throw new AssertionError("nobody connects");
                },
                new Names(),
                new TlsContexts(bundle -> TlsMaterial.OF_THE_JVM)),
            time::loop,
            new Decisions(meters));
  }

  /** A table of the one upstream {@code svc}, in force. */
  Upstream table(String keys) {
    LoadResult loaded =
        new ConfigLoader(List.of(), List.of())
            .load(
                List.of(
                    ConfigFile.of("upstreams/t.yml", "upstreams: {svc: {" + keys + "}}"),
                    ConfigFile.of(
                        "routes/t.yml", "routes: {r: {match: {path: /**}, upstream: svc}}")),
                List.of());
    assertThat(loaded.problems()).isEmpty();
    UpstreamRegistry.Plan plan = registry.plan(loaded.decoded().upstreams().values());
    plan.commit();
    time.run();
    return plan.upstream("svc");
  }

  /** A table without any upstream. */
  void emptyTable() {
    registry.plan(List.of()).commit();
    time.run();
  }

  UpstreamRegistry registry() {
    return registry;
  }

  GatewayExchange exchange() {
    return time.exchange(HttpMethod.GET, Body.EMPTY);
  }

  long now() {
    return time.loop().ticker().nanoTime();
  }

  void advance(Duration by) {
    time.advance(by);
  }

  boolean nothingScheduled() {
    return time.nothingScheduled();
  }

  /** How often something became of the upstream. */
  double events(String event) {
    return meters.counter("headgate.upstream.events", "event", event, "upstream", "svc").count();
  }

  /** Answers the question that is open. */
  void answer(String... addresses) throws Exception {
    List<InetAddress> known = new ArrayList<>();
    for (String address : addresses) {
      known.add(InetAddress.getByName(address));
    }
    questions.remove().setSuccess(known);
    time.run();
  }

  void answer(Throwable failure) {
    questions.remove().setFailure(failure);
    time.run();
  }

  private final class Names extends AddressResolverGroup<InetSocketAddress> {
    // The original waits for the executor's end, which an embedded one cannot tell.
    @Override
    public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
      return newResolver(executor);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
      return new InetNameResolver(executor) {
        @Override
        protected void doResolve(String name, Promise<InetAddress> found) {
          throw new AssertionError("nobody connects");
        }

        @Override
        protected void doResolveAll(String name, Promise<List<InetAddress>> found) {
          questions.add(found);
        }
      }.asAddressResolver();
    }
  }
}

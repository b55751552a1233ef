package dev.headgate.benchmarks;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.Destination;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyChain;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.breaker.BreakerFactory;
import dev.headgate.policy.bulkhead.BulkheadFactory;
import dev.headgate.telemetry.Decisions;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Ticker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Mono;

/**
 * What bulkhead and breaker cost a request that passes them, two event loops sharing both. Run with
 * {@code -prof gc} for the bytes; what {@code NONE} takes is the exchange and the answer.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(2)
public class GuardsBenchmark {

  /** The guards of the upstream. */
  public enum Guards {
    NONE,
    BULKHEAD,
    BREAKER,
    BOTH
  }

  /** What all event loops share. */
  @State(Scope.Benchmark)
  public static class Shared {
    @Param Guards guards = Guards.NONE;
    private final BulkheadFactory bulkheads = new BulkheadFactory(Decisions.UNCOUNTED);
    private final BreakerFactory breakers =
        new BreakerFactory(Ticker.systemTicker()::nanoTime, Decisions.UNCOUNTED);

    PolicyChain chain() {
      RouteContext context = new RouteContext(null, upstream(), null, null);
      List<Policy> policies = new ArrayList<>();
      if (guards == Guards.BREAKER || guards == Guards.BOTH) {
        policies.add(breakers.create(context).orElseThrow());
      }
      if (guards == Guards.BULKHEAD || guards == Guards.BOTH) {
        policies.add(bulkheads.create(context).orElseThrow());
      }
      return PolicyChain.compile(policies, GuardsBenchmark::answer);
    }

    private UpstreamConfig upstream() {
      ConfigLoader loader = new ConfigLoader(List.of(), List.of());
      ConfigSet set =
          loader
              .load(
                  List.of(
                      ConfigFile.of(
                          "a.yml",
                          """
                          upstreams: {u: {endpoints: ["http://u:1"]}}
                          routes: {r: {match: {}, upstream: u}}
                          """)))
              .set();
      return Objects.requireNonNull(Objects.requireNonNull(set).upstreams().get("u"));
    }
  }

  /** One event loop. */
  @State(Scope.Thread)
  public static class Loop {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final GatewayRequest request =
        new GatewayRequest(
            HttpMethod.GET,
            HttpVersion.HTTP_1_1,
            "http",
            "gateway",
            "gateway",
            "/a",
            null,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            false,
            "127.0.0.1",
            "gateway");
    private final DefaultHttpHeaders headers = new DefaultHttpHeaders();
    private @Nullable PolicyChain chain;

    GatewayExchange exchange() {
      return new GatewayExchange(
          channel.eventLoop(), request, headers, Body.EMPTY, new ExchangeRecord(0), "/a");
    }
  }

  private static final DefaultHttpHeaders NO_HEADERS = new DefaultHttpHeaders();
  private static final Destination DESTINATION = new Destination("u", "a:1", "http", "a", 1, "");

  private static Mono<GatewayResponse> answer(GatewayExchange exchange) {
    Try one = exchange.currentTry();
    one.begun(DESTINATION, exchange.now());
    return Mono.fromSupplier(
        () -> {
          one.ended(Try.End.COMPLETE);
          return new GatewayResponse(HttpResponseStatus.OK, NO_HEADERS, Body.EMPTY);
        });
  }

  @Benchmark
  public void request(Shared shared, Loop loop, Blackhole hole) {
    PolicyChain chain = loop.chain;
    if (chain == null) {
      chain = shared.chain();
      loop.chain = chain;
    }
    chain.run(loop.exchange()).subscribe(hole::consume);
  }
}

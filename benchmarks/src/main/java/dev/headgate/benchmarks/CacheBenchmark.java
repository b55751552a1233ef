package dev.headgate.benchmarks;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.PolicyChain;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.cache.AnswerCache;
import dev.headgate.policy.cache.CacheFactory;
import dev.headgate.telemetry.Decisions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Mono;

/**
 * What the cache costs a request that it answers, the answer's content not sent. Run with {@code
 * -prof gc} for the bytes: they are to be the same however large the answer is.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CacheBenchmark {
  private static final int SMALL = 925;
  private static final int LARGE = 1 << 20;

  /** What is asked for. */
  public enum Asked {
    /** A small answer, of which nothing is kept. */
    PASSING(SMALL, "no-store", "x-nothing", ""),
    SMALL_HIT(SMALL, "max-age=86400", "x-nothing", ""),
    LARGE_HIT(LARGE, "max-age=86400", "x-nothing", ""),
    /** The client has it. */
    NOT_MODIFIED(LARGE, "max-age=86400", "if-none-match", "\"v1\""),
    RANGE_OF_LARGE(LARGE, "max-age=86400", "range", "bytes=1000-600000");

    private final int bytes;
    private final String cacheControl;
    private final String field;
    private final String value;

    Asked(int bytes, String cacheControl, String field, String value) {
      this.bytes = bytes;
      this.cacheControl = cacheControl;
      this.field = field;
      this.value = value;
    }
  }

  @Param Asked asked = Asked.PASSING;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final GatewayRequest request =
      new GatewayRequest(
          HttpMethod.GET,
          HttpVersion.HTTP_1_1,
          "http",
          "gateway",
          "gateway",
          "/catalog/1",
          null,
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
          false,
          "127.0.0.1",
          "gateway");
  private @Nullable PolicyChain chain;

  /** Asks once, so that what can be kept is. */
  @Setup
  public void store() {
    CacheFactory factory =
        new CacheFactory(
            new AnswerCache(64L << 20, InstantSource.system()),
            Decisions.UNCOUNTED,
            new SimpleMeterRegistry(),
            background -> {});
    chain =
        PolicyChain.compile(
            List.of(factory.create(context(factory)).orElseThrow()), exchange -> answer());
    ask(new DefaultHttpHeaders()).body().discard();
  }

  private static RouteContext context(CacheFactory factory) {
    ConfigSet set =
        new ConfigLoader(factory.routeKeys(), List.of())
            .load(
                List.of(
                    ConfigFile.of(
                        "a.yml",
                        """
                        upstreams: {u: {endpoints: ["http://u:1"]}}
                        routes: {r: {match: {}, upstream: u, cache: {}}}
                        """)))
            .set();
    ConfigSet read = Objects.requireNonNull(set);
    RouteConfig route = read.routes().values().iterator().next();
    UpstreamConfig upstream = Objects.requireNonNull(read.upstreams().get("u"));
    return new RouteContext(route, upstream, null, null);
  }

  private Mono<GatewayResponse> answer() {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .add("Date", "Sat, 28 Nov 2026 12:00:00 GMT")
            .add("Server", "bench")
            .add("Content-Type", "application/json")
            .add("Content-Length", asked.bytes)
            .add("Cache-Control", asked.cacheControl)
            .add("ETag", "\"v1\"");
    ByteBuf content = Unpooled.wrappedBuffer(new byte[asked.bytes]);
    return Mono.just(new GatewayResponse(HttpResponseStatus.OK, headers, new FullBody(content)));
  }

  private GatewayResponse ask(HttpHeaders headers) {
    GatewayExchange exchange =
        new GatewayExchange(
            channel.eventLoop(), request, headers, Body.EMPTY, new ExchangeRecord(0), "/catalog/1");
    GatewayResponse[] answer = new GatewayResponse[1];
    Objects.requireNonNull(chain)
        .run(exchange)
        .subscribe(
            given -> {
              answer[0] = given;
            });
    return Objects.requireNonNull(answer[0]);
  }

  @Benchmark
  public void request(Blackhole hole) {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .add("Host", "gateway")
            .add("Accept", "*/*")
            .add(asked.field, asked.value);
    GatewayResponse answer = ask(headers);
    hole.consume(answer);
    answer.body().discard();
  }
}

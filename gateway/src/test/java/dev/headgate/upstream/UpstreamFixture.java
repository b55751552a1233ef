package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.LoadResult;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Logs;
import dev.headgate.testing.RawUpstream;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The upstream call on real sockets without an edge, for what no client's protocol has to be there
 * for; and the proof after each test that no connection and no buffer was left.
 */
final class UpstreamFixture implements AfterEachCallback {
  private static final EventLoop LOOP =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()).next();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<RawUpstream> services = new ArrayList<>();
  private final Logs logs = Logs.capture();
  private final TlsContexts tls;
  private final UpstreamRegistry registry;

  UpstreamFixture(Function<String, TlsMaterial> bundles) {
    tls = new TlsContexts(bundles);
    registry =
        new UpstreamRegistry(
            new Connector(
                loop -> new NioSocketChannel(), DefaultAddressResolverGroup.INSTANCE, tls),
            () -> LOOP,
            Decisions.UNCOUNTED);
  }

  UpstreamFixture() {
    this(bundle -> TlsMaterial.OF_THE_JVM);
  }

  UpstreamRegistry registry() {
    return registry;
  }

  RawUpstream service(RawUpstream service) {
    services.add(service);
    return service;
  }

  RawUpstream service(RawUpstream.Script script) {
    return service(RawUpstream.running(script));
  }

  /** One upstream of one endpoint, in force. */
  Upstream upstream(String endpoint, String keys) {
    String yaml = "upstreams: {svc: {endpoints: ['%s'], %s}}".formatted(endpoint, keys);
    String route = "routes: {r: {match: {path: /**}, upstream: svc}}";
    LoadResult loaded =
        new ConfigLoader(List.of(), List.of())
            .load(
                List.of(
                    ConfigFile.of("upstreams/t.yml", yaml), ConfigFile.of("routes/t.yml", route)),
                List.of());
    assertThat(loaded.problems()).isEmpty();
    loaded
        .decoded()
        .upstreams()
        .values()
        .forEach(
            u -> {
              if (u.tls().bundle() != null) {
                assertThat(registry.problemWith(u.tls().bundle())).isNull();
              }
            });
    UpstreamRegistry.Plan plan = registry.plan(loaded.decoded().upstreams().values());
    plan.commit();
    return plan.upstream("svc");
  }

  EventLoop loop() {
    return LOOP;
  }

  static GatewayExchange exchange(String path, HttpHeaders headers, Body body) {
    InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    GatewayRequest request =
        new GatewayRequest(
            HttpMethod.GET,
            HttpVersion.HTTP_1_1,
            "http",
            "g",
            "g",
            path,
            null,
            peer,
            false,
            "127.0.0.1",
            "g");
    return new GatewayExchange(
        LOOP, request, headers, body, new ExchangeRecord(LOOP.ticker().nanoTime()), path);
  }

  static GatewayExchange get(String path) {
    return exchange(path, new DefaultHttpHeaders(), Body.EMPTY);
  }

  /** Runs one call on the event loop. */
  CompletableFuture<GatewayResponse> call(Upstream upstream, GatewayExchange exchange) {
    CompletableFuture<GatewayResponse> answered = new CompletableFuture<>();
    LOOP.execute(
        () ->
            new UpstreamCall(upstream)
                .run(exchange)
                .subscribe(answered::complete, answered::completeExceptionally));
    return answered;
  }

  /** Does something on the event loop, and waits for it. */
  static void onLoop(Runnable work) throws Exception {
    LOOP.submit(work).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  UpstreamRegistry.PoolStatus pool() {
    assertThat(registry.pools()).hasSize(1);
    return registry.pools().get(0);
  }

  static ConditionFactory await() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(LIMIT);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try {
      await()
          .untilAsserted(
              () ->
                  assertThat(registry.pools())
                      .allMatch(pool -> pool.open() == pool.idle() && pool.waiting() == 0));
      services.forEach(RawUpstream::close);
      await().untilAsserted(() -> assertThat(registry.pools()).allMatch(pool -> pool.open() == 0));
      services.forEach(service -> assertThat(service.failures()).isEmpty());
    } finally {
      // Ends the checks and the resolving.
      registry.plan(List.of()).commit();
      services.forEach(RawUpstream::close);
      List<String> leaks = logs.leaks();
      List<String> warnings = logs.warnings();
      logs.close();
      assertThat(leaks).isEmpty();
      assertThat(warnings).isEmpty();
    }
  }
}

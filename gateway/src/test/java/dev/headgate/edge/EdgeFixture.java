package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import dev.headgate.exchange.Background;
import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyChain;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.accesslog.AccessLogFactory;
import dev.headgate.policy.breaker.BreakerFactory;
import dev.headgate.policy.bulkhead.BulkheadFactory;
import dev.headgate.policy.cache.AnswerCache;
import dev.headgate.policy.cache.CacheFactory;
import dev.headgate.policy.compression.CompressionFactory;
import dev.headgate.policy.cors.CorsFactory;
import dev.headgate.policy.fallback.FallbackFactory;
import dev.headgate.policy.headers.HeadersFactory;
import dev.headgate.policy.hygiene.HygieneFactory;
import dev.headgate.policy.idempotency.IdempotencyFactory;
import dev.headgate.policy.idempotency.KeyStore;
import dev.headgate.policy.metrics.MetricsFactory;
import dev.headgate.policy.requestid.RequestIdFactory;
import dev.headgate.policy.requestlimits.RequestLimitsFactory;
import dev.headgate.policy.retry.RetryFactory;
import dev.headgate.policy.reverse.ReverseRewriteFactory;
import dev.headgate.policy.timeout.DeadlineFactory;
import dev.headgate.policy.timeout.TotalTimeoutFactory;
import dev.headgate.policy.timeout.TryTimeoutFactory;
import dev.headgate.policy.tracing.TracingFactory;
import dev.headgate.policy.version.VersionFactory;
import dev.headgate.reload.ActiveRoutes;
import dev.headgate.reload.ReloadStatus;
import dev.headgate.telemetry.AccessRecord;
import dev.headgate.telemetry.Decisions;
import dev.headgate.telemetry.Telemetry;
import dev.headgate.testing.Answer;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Logs;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import dev.headgate.upstream.Connector;
import dev.headgate.upstream.TlsContexts;
import dev.headgate.upstream.TlsMaterial;
import dev.headgate.upstream.UpstreamRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The real edge on a real port, with the real chain and the real upstream connections behind it,
 * and after each test the proof that nothing of it was left: no exchange, no connection, no waiting
 * call, no buffer, and no error that only an event loop saw.
 *
 * <p>Paths that the table does not know are answered by a Reactor Netty handler that stands for
 * Spring: {@code /spring/echo}, {@code /spring/fields} (tells them), {@code /spring/ignore}
 * (answers without reading), {@code /spring/slow} (when {@link #releaseSpring} is called), anything
 * else with {@code spring}.
 */
final class EdgeFixture implements AfterEachCallback {
  private static final LoopResources LOOPS = LoopResources.create("edge", 3, true);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(2);

  private final List<Wire> clients = new ArrayList<>();
  private final List<RawUpstream> services = new ArrayList<>();
  private final Queue<AccessRecord> records = new ConcurrentLinkedQueue<>();
  private final List<String> expected = new ArrayList<>();
  private Duration keepAlive = Duration.ofSeconds(60);
  private Duration headerTimeout = Duration.ofSeconds(60);
  private int maxConnections;
  private int maxConnectionsPerClient;
  private int maxRequestsPerConnection;
  private boolean proxyProtocol;
  private TrustedProxies proxies = TrustedProxies.of(List.of());
  private Overload overload = new Overload(0, 100);
  private @Nullable Gate gate;
  private volatile Instant now = Instant.parse("2026-06-01T12:00:00Z");
  private final Drain drain = new Drain();
  private final Logs logs = Logs.capture();
  private final BulkheadFactory bulkheads = new BulkheadFactory(Decisions.UNCOUNTED);
  private final BreakerFactory breakers =
      new BreakerFactory(Ticker.systemTicker()::nanoTime, Decisions.UNCOUNTED);
  private final TestResolver resolver = new TestResolver();
  private final UpstreamRegistry upstreams =
      new UpstreamRegistry(connector(), () -> LOOPS.onClient(true).next(), Decisions.UNCOUNTED);
  private final ActiveRoutes routes = routes();
  private final Sinks.One<String> slow = Sinks.one();
  private @Nullable DisposableServer server;

  // ---- what a test says

  /** How long a client's connection may stay without a request; before the first connection. */
  void keepAlive(Duration limit) {
    keepAlive = limit;
  }

  /** How long a head may take; before the first connection. */
  void headerTimeout(Duration limit) {
    headerTimeout = limit;
  }

  /** How many connections there may be, 0 for no limit; before the first. */
  void maxConnections(int all, int perClient) {
    maxConnections = all;
    maxConnectionsPerClient = perClient;
  }

  void maxRequestsPerConnection(int max) {
    maxRequestsPerConnection = max;
  }

  /** Connections begin with a PROXY header; before the first. */
  void proxyProtocol() {
    proxyProtocol = true;
  }

  void trust(String... cidrs) {
    proxies = TrustedProxies.of(List.of(cidrs));
  }

  void overload(Overload guard) {
    overload = guard;
  }

  /** After the first connection. */
  Gate gate() {
    return Objects.requireNonNull(gate);
  }

  private EdgeLimits limits() {
    return new EdgeLimits(
        maxConnections,
        maxConnectionsPerClient,
        maxRequestsPerConnection,
        8_192,
        32_768,
        100,
        headerTimeout,
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        keepAlive);
  }

  /** A service that {@link #afterEach} closes. */
  RawUpstream service(RawUpstream.Script script) {
    return added(RawUpstream.running(script));
  }

  /** The same with a small receive window. */
  RawUpstream slowReadingService(RawUpstream.Script script) {
    return added(RawUpstream.running(8 * 1024, script));
  }

  /** A service that gives every request the same answer. */
  RawUpstream answering(String response) {
    return added(RawUpstream.answering(response));
  }

  /** One that a test has made by itself. */
  RawUpstream added(RawUpstream service) {
    services.add(service);
    return service;
  }

  /** Routes {@code /svc/**} to a service. */
  void route(RawUpstream service) {
    route(service, "retry: {max-attempts: 1}", "");
  }

  /**
   * Routes {@code /svc/**} to a service, {@code /local} to a fixed answer, and {@code /get-only} to
   * the same for GET alone.
   *
   * @param routeKeys keys of the route, in flow style
   * @param upstreamKeys keys of the upstream, in flow style, or empty
   */
  void route(RawUpstream service, String routeKeys, String upstreamKeys) {
    route(service.port(), routeKeys, upstreamKeys);
  }

  void route(int port, String routeKeys, String upstreamKeys) {
    route("http://127.0.0.1:" + port, routeKeys, upstreamKeys);
  }

  void route(String endpoint, String routeKeys, String upstreamKeys) {
    String more = upstreamKeys.isEmpty() ? "connect-timeout: 5s" : upstreamKeys;
    table(
        """
        upstreams:
          svc: {endpoints: ["%s"], %s}
        routes:
          svc: {match: {path: /svc/**}, upstream: svc, %s}
          local: {match: {path: /local}, respond: {status: 200, body: local}}
          get-only:
            match: {path: /get-only, methods: [GET]}
            respond: {status: 200, body: got}
        """
            .formatted(endpoint, more, routeKeys));
  }

  /** The wall clock of what depends on the day; it stands still. */
  void now(Instant instant) {
    now = instant;
  }

  /** Puts a table in force. */
  void table(String yaml) {
    int split = yaml.indexOf("routes:");
    List<ConfigProblem> problems =
        routes.apply(
            List.of(
                ConfigFile.of("upstreams/test.yml", yaml.substring(0, split)),
                ConfigFile.of("routes/test.yml", yaml.substring(split))),
            List.of(),
            ReloadStatus.Origin.SOURCE);
    assertThat(problems).noneMatch(ConfigProblem::isError);
  }

  /** A new connection of a client. */
  Wire client() {
    return added(Wire.to(port()));
  }

  /** A client whose receive window is small. */
  Wire slowReadingClient() {
    return added(Wire.to(port(), 8 * 1024));
  }

  /** A new connection of a client that speaks HTTP/2. */
  Http2Client http2() throws IOException {
    return Http2Client.over(client());
  }

  private Wire added(Wire wire) {
    synchronized (clients) {
      clients.add(wire);
    }
    return wire;
  }

  /** One GET on a connection of its own, which stays open. */
  Answer get(String path) throws IOException {
    return client().send(request("GET", path)).readAnswer();
  }

  static String request(String method, String path) {
    return method + " " + path + " HTTP/1.1\r\nhost: gateway\r\n\r\n";
  }

  static String request(String method, String path, String body) {
    return "%s %s HTTP/1.1\r\nhost: gateway\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(method, path, body.length(), body);
  }

  /** A head of these lines. */
  static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  int port() {
    DisposableServer running = server;
    if (running == null) {
      EdgeLimits limits = limits();
      Edge edge =
          new Edge(
              routes,
              unrouted(),
              proxies,
              drain,
              overload,
              limits,
              true,
              new ViaField("test"),
              false);
      Gate admitting = new Gate(limits, proxies);
      boolean proxied = proxyProtocol;
      gate = admitting;
      running =
          edge.in(HttpServer.create(), admitting, proxied)
              .protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
              .host("127.0.0.1")
              .port(0)
              .runOn(LOOPS)
              .handle(this::spring)
              .bindNow();
      server = running;
    }
    return running.port();
  }

  Drain drain() {
    return drain;
  }

  /** Lets {@code /spring/slow} answer. */
  void releaseSpring() {
    slow.tryEmitValue("slow spring");
  }

  /** The log lines so far, in the order in which exchanges ended. */
  List<AccessRecord> records() {
    return List.copyOf(records);
  }

  /** Waits for the line of the exchange that is to end next or has ended as the n-th. */
  AccessRecord record(int n) {
    await().until(() -> records.size() > n);
    return records().get(n);
  }

  /** A warning that is no defect here. */
  void expectWarning(String part) {
    expected.add(part);
  }

  /** What names mean to the gateway. */
  TestResolver resolver() {
    return resolver;
  }

  /** How many endpoints of the upstream {@code svc} are in this state. */
  int endpoints(UpstreamRegistry.EndpointStatus status) {
    UpstreamRegistry.UpstreamStatus svc = upstreams.upstream("svc");
    return svc == null ? 0 : svc.endpoints().getOrDefault(status, 0);
  }

  /** The connections of the only upstream. */
  UpstreamRegistry.PoolStatus pool() {
    assertThat(upstreams.pools()).hasSize(1);
    return upstreams.pools().get(0);
  }

  /** What the bulkhead of upstream {@code svc} is at. */
  BulkheadFactory.Status bulkhead() {
    return bulkheads.status("svc").orElseThrow();
  }

  /** What the breaker of upstream {@code svc} is in. */
  String breaker() {
    return breakers.state("svc").orElseThrow();
  }

  /** Waits, looking often: most of what tests wait for is over in a millisecond. */
  static ConditionFactory await() {
    return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(POLL).atMost(LIMIT);
  }

  /** Waits for exchanges to be over while clients and services are as they are. */
  void awaitIdle() {
    await()
        .untilAsserted(
            () -> {
              assertThat(drain.inFlight()).as("exchanges in flight").isZero();
              for (UpstreamRegistry.PoolStatus pool : upstreams.pools()) {
                assertThat(pool.open()).as("open but not idle: %s", pool).isEqualTo(pool.idle());
                assertThat(pool.waiting()).as("waiting: %s", pool).isZero();
              }
              for (BulkheadFactory.Status bulkhead : bulkheads.status()) {
                assertThat(bulkhead.inUse()).as("permits out: %s", bulkhead).isZero();
                assertThat(bulkhead.waiting()).as("waiting: %s", bulkhead).isZero();
              }
            });
  }

  // ---- what is proved after each

  @Override
  public void afterEach(ExtensionContext context) {
    try {
      synchronized (clients) {
        clients.forEach(Wire::close);
      }
      awaitIdle();
      await()
          .untilAsserted(() -> assertThat(drain.connections()).as("clients' connections").isZero());
      services.forEach(RawUpstream::close);
      await()
          .untilAsserted(
              () ->
                  assertThat(upstreams.pools())
                      .as("connections to services that have gone")
                      .allMatch(pool -> pool.open() == 0));
      services.forEach(service -> assertThat(service.failures()).isEmpty());
    } finally {
      // Ends the checks and the resolving.
      upstreams.plan(List.of()).commit();
      services.forEach(RawUpstream::close);
      if (server != null) {
        server.disposeNow();
      }
      List<String> leaks = logs.leaks();
      List<String> warnings =
          logs.warnings().stream()
              .filter(line -> expected.stream().noneMatch(line::contains))
              .toList();
      logs.close();
      assertThat(leaks).isEmpty();
      assertThat(warnings).isEmpty();
    }
  }

  private Policies policies() {
    return new Policies(
        List.of(
            new RequestIdFactory(),
            new AccessLogFactory(records::add, InstantSource.system()),
            new MetricsFactory(Telemetry.NONE.requests()),
            new TracingFactory(null),
            new CorsFactory(),
            new RequestLimitsFactory(),
            new VersionFactory(() -> now),
            new CompressionFactory(),
            new HeadersFactory(),
            new FallbackFactory(Decisions.UNCOUNTED),
            new HygieneFactory(),
            new ReverseRewriteFactory(),
            new DeadlineFactory(),
            new IdempotencyFactory(
                KeyStore.unasked(true),
                new Random(1),
                Background.UNHEARD,
                Decisions.UNCOUNTED,
                // One for each: a gauge that is there already is warned of.
                new SimpleMeterRegistry()),
            new CacheFactory(
                AnswerCache.unasked(),
                Decisions.UNCOUNTED,
                new SimpleMeterRegistry(),
                background -> {}),
            new TotalTimeoutFactory(),
            new RetryFactory(() -> 0.1, () -> now, System::nanoTime, Decisions.UNCOUNTED),
            breakers,
            bulkheads,
            new TryTimeoutFactory()));
  }

  private ActiveRoutes routes() {
    return new ActiveRoutes(policies(), upstreams, () -> now, true);
  }

  private PolicyChain unrouted() {
    return PolicyChain.compile(policies().of(RouteContext.UNROUTED), exchange -> Mono.empty());
  }

  private Connector connector() {
    return new Connector(
        loop -> LOOPS.onChannel(SocketChannel.class, loop),
        resolver,
        new TlsContexts(name -> TlsMaterial.OF_THE_JVM));
  }

  private Publisher<Void> spring(HttpServerRequest request, HttpServerResponse response) {
    return switch (request.uri()) {
      case "/spring/echo" -> response.send(request.receive().retain());
      case "/spring/ignore" -> response.sendString(Mono.just("ignored"));
      case "/spring/fields" ->
          response.sendString(
              Mono.just(
                  request.requestHeaders().entries().stream()
                      .map(field -> field.getKey() + ": " + field.getValue())
                      .collect(Collectors.joining("\n"))));
      case "/spring/slow" -> response.sendString(slow.asMono());
      default -> response.sendString(Mono.just("spring"));
    };
  }
}

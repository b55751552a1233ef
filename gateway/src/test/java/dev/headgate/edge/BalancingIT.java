package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static dev.headgate.upstream.UpstreamRegistry.EndpointStatus.EJECTED;
import static dev.headgate.upstream.UpstreamRegistry.EndpointStatus.HEALTHY;
import static dev.headgate.upstream.UpstreamRegistry.EndpointStatus.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several real endpoints gets a request, as some of them fail. */
class BalancingIT {
  private static final String ONCE = "retry: {max-attempts: 1}";
  private static final String EJECTING =
      "outlier-ejection: {consecutive-failures: 2, base: 1h, max: 1h, max-ejected: 50%}";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final CountDownLatch release = new CountDownLatch(1);

  private static String url(RawUpstream service) {
    return "http://127.0.0.1:" + service.port();
  }

  private RawUpstream named(String name) {
    return edge.answering(ok(name));
  }

  private static RawUpstream refusing() {
    RawUpstream service = RawUpstream.answering(ok("never"));
    service.close();
    return service;
  }

  private RawUpstream resetting() {
    return edge.service(
        wire -> {
          wire.readRequest();
          wire.reset();
        });
  }

  private RawUpstream silent() {
    return edge.service(
        wire -> {
          wire.readRequest();
          release.await();
        });
  }

  private void table(String routeKeys, String upstreamKeys, RawUpstream... services) {
    String endpoints =
        Stream.of(services).map(s -> "\"" + url(s) + "\"").collect(Collectors.joining(", "));
    tableOf(routeKeys, upstreamKeys, endpoints);
  }

  private void tableOf(String routeKeys, String upstreamKeys, String endpoints) {
    edge.table(
        """
        upstreams:
          svc: {endpoints: [%s], connect-timeout: 5s, %s}
        routes:
          svc: {match: {path: /svc/**}, upstream: svc, %s}
        """
            .formatted(endpoints, upstreamKeys, routeKeys));
  }

  private String bodies(int count) throws IOException {
    StringBuilder bodies = new StringBuilder();
    for (int i = 0; i < count; i++) {
      bodies.append(edge.get("/svc/x").body());
    }
    return bodies.toString();
  }

  @Test
  void weightsCountAndAReloadChangesThemLive() throws Exception {
    RawUpstream a = named("a");
    RawUpstream b = named("b");
    tableOf(ONCE, "pool: {}", "{url: \"%s\", weight: 3}, \"%s\"".formatted(url(a), url(b)));
    assertThat(bodies(8).chars().filter(c -> c == 'a')).hasSize(6);

    tableOf(ONCE, "pool: {}", "{url: \"%s\", weight: 1}, \"%s\"".formatted(url(a), url(b)));
    assertThat(bodies(8).chars().filter(c -> c == 'a')).hasSize(4);
    assertThat(a.accepted() + b.accepted()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"refused", "reset", "slow", "500", "503"})
  void anEndpointThatFailsIsEjectedAndStaysSoOverAReload(String fault) throws Exception {
    RawUpstream bad =
        switch (fault) {
          case "refused" -> refusing();
          case "reset" -> resetting();
          case "slow" -> silent();
          default -> edge.answering("HTTP/1.1 " + fault + " No\r\ncontent-length: 0\r\n\r\n");
        };
    RawUpstream a = named("a");
    RawUpstream b = named("b");
    edge.expectWarning("endpoint-ejected");
    edge.expectWarning("endpoint-returned");
    String route = ONCE + ", timeout: {per-try: 200ms}";
    table(route, EJECTING, bad, a, b);
    bodies(6);
    await().until(() -> edge.endpoints(EJECTED) == 1);

    assertThat(bodies(6)).hasSize(6).doesNotContain("{");
    table(route, EJECTING + ", load-balancing: random-two", bad, a, b);
    assertThat(edge.endpoints(EJECTED)).isEqualTo(1);
    assertThat(bodies(12)).hasSize(12).doesNotContain("{");

    table(route, "pool: {}", bad, a, b);
    await().until(() -> edge.endpoints(EJECTED) == 0);
    release.countDown();
  }

  @Test
  void clientsThatGoAwayEjectNobody() throws Exception {
    table(ONCE, EJECTING, silent(), silent());
    for (int i = 0; i < 8; i++) {
      Wire client = edge.client().send(request("GET", "/svc/x"));
      int begun = i + 1;
      await().until(() -> edge.drain().inFlight() == 1);
      client.close();
      await().until(() -> edge.drain().inFlight() == 0 && edge.records().size() == begun);
    }

    assertThat(edge.endpoints(HEALTHY)).isEqualTo(2);
    release.countDown();
  }

  @Test
  void theTotalLimitBlamesTheEndpointThatUsedItUp() throws Exception {
    edge.expectWarning("endpoint-ejected");
    table(ONCE + ", timeout: {total: 200ms}", EJECTING, silent(), named("a"));

    bodies(4);

    await().until(() -> edge.endpoints(EJECTED) == 1);
    release.countDown();
  }

  @Test
  void aRetryGoesToAnEndpointThatTheRequestHasNotBeenTo() throws Exception {
    // The heavy one's turn comes again and again.
    RawUpstream bad = resetting();
    tableOf(
        "retry: {max-attempts: 3}",
        "retry-budget: {percent: 100, minimum-per-second: 100}",
        "{url: \"%s\", weight: 9}, \"%s\", \"%s\""
            .formatted(url(bad), url(refusing()), url(named("a"))));
    for (int i = 0; i < 12; i++) {
      assertThat(edge.get("/svc/x").status()).isEqualTo(200);
    }
  }

  @Test
  void theBusyGetNothingWithLeastRequests() throws Exception {
    RawUpstream busy = silent();
    RawUpstream a = named("a");
    tableOf(
        ONCE,
        "load-balancing: least-requests",
        "{url: \"%s\", weight: 2}, {url: \"%s\", weight: 1}".formatted(url(busy), url(a)));
    edge.client().send(request("GET", "/svc/held"));
    await().until(() -> busy.accepted() == 1);

    assertThat(bodies(10)).isEqualTo("aaaaaaaaaa");
    release.countDown();
  }

  @Test
  void aValueStaysWithItsEndpoint() throws Exception {
    table(
        ONCE,
        "load-balancing: {consistent-hash: {header: X-User}}",
        named("a"),
        named("b"),
        named("c"));
    for (String user : List.of("ann", "bob", "cyd", "dan")) {
      String first = of(user);
      for (int i = 0; i < 5; i++) {
        assertThat(of(user)).isEqualTo(first);
      }
    }
    assertThat(bodies(3)).contains("a").contains("b").contains("c");
  }

  private String of(String user) throws IOException {
    String head = EdgeFixture.head("GET /svc/x HTTP/1.1", "host: gateway", "x-user: " + user);
    return edge.client().send(head).readAnswer().body();
  }

  // ---- health checks

  private final Queue<Answer> checks = new ConcurrentLinkedQueue<>();

  /** Answers {@code /health} as it is told, and everything else well. */
  private RawUpstream checked(String name, String[] health) {
    return edge.service(
        wire -> {
          while (true) {
            Answer asked = wire.readRequest();
            if (asked.head().startLine().startsWith("GET /health?deep=1 ")) {
              checks.add(asked);
              wire.send("HTTP/1.1 " + health[0] + " X\r\ncontent-length: 0\r\n\r\n");
            } else {
              wire.send(ok(name));
            }
          }
        });
  }

  @Test
  void anEndpointThatIsNotWellGetsNothingUntilItIs() throws Exception {
    edge.expectWarning("endpoint-unhealthy");
    edge.expectWarning("endpoint-healthy");
    String[] health = {"204"};
    RawUpstream a = checked("a", health);
    RawUpstream b = checked("b", new String[] {"200"});
    String keys =
        "health-check: {path: \"/health?deep=1\", interval: 100ms, timeout: 5s, unhealthy-after: 2, healthy-after: 2}";
    table(ONCE, keys, a, b);
    await().until(() -> checks.size() > 4);
    assertThat(bodies(4)).contains("a").contains("b");

    health[0] = "503";
    await().until(() -> edge.endpoints(UNHEALTHY) == 1);
    assertThat(bodies(4)).isEqualTo("bbbb");
    table(ONCE, keys + ", load-balancing: least-requests", a, b);
    assertThat(bodies(4)).isEqualTo("bbbb");

    health[0] = "200";
    await().until(() -> edge.endpoints(UNHEALTHY) == 0);
    assertThat(bodies(4)).contains("a").contains("b");
    Answer check = checks.element();
    assertThat(check.field("host")).matches("127\\.0\\.0\\.1:[0-9]+");
    assertThat(check.field("user-agent")).isEqualTo("headgate-health-check");
  }

  @Test
  void whoDoesNotTakeConnectionsIsUnhealthyAndUsedWhenMostAre() throws Exception {
    edge.expectWarning("endpoint-unhealthy");
    table(
        ONCE,
        "health-check: {path: /, interval: 100ms, timeout: 1s}",
        refusing(),
        refusing(),
        named("a"));
    await().until(() -> edge.endpoints(UNHEALTHY) == 2);

    bodies(3);
    edge.record(2);

    assertThat(edge.records().stream().filter(r -> r.decisions().contains("panic"))).hasSize(3);
    assertThat(edge.records().stream().filter(r -> r.status() == 200)).hasSize(1);
  }

  // ---- names

  private RawUpstream at(String address, int port, String name) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    return added(
        listener,
        wire -> {
          while (true) {
            assertThat(wire.readRequest().field("host")).startsWith("users.test:");
            wire.send(ok(name));
          }
        });
  }

  private RawUpstream added(ServerSocket listener, RawUpstream.Script script) {
    return edge.added(RawUpstream.listening(listener, script));
  }

  @Test
  void allAddressesOfANameAreUsedAndThoseThatGoAreLetGo() throws Exception {
    edge.expectWarning("addresses-changed");
    RawUpstream a = at("127.0.0.1", 0, "a");
    RawUpstream b = at("127.0.0.2", a.port(), "b");
    edge.resolver().tell("users.test", "127.0.0.1", "127.0.0.2");
    String endpoint = "\"http://users.test:" + a.port() + "\"";
    tableOf(ONCE, "dns-refresh: 100ms", endpoint);
    await().until(() -> edge.endpoints(HEALTHY) == 2);

    assertThat(bodies(6)).contains("a").contains("b");
    assertThat(edge.records().get(0).endpoint())
        .startsWith("users.test:%d/127.0.0.".formatted(a.port()));

    edge.resolver().tell("users.test", "127.0.0.2");
    await().until(() -> edge.endpoints(HEALTHY) == 1);
    assertThat(bodies(4)).isEqualTo("bbbb");
    await().until(() -> a.open() == 0);
    assertThat(b.open()).isPositive();

    edge.resolver().tell("users.test");
    edge.expectWarning("does not resolve any more");
    assertThat(bodies(4)).isEqualTo("bbbb");
  }
}

package dev.headgate.policy.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.PathReversal;
import dev.headgate.policy.Policy;
import dev.headgate.testing.Config;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Under {@code strip-prefix: /api}; the exchange asked the gateway for {@code /a}. */
class ReverseRewriteTest {
  private static final PathReversal PREFIX =
      new PathReversal(
          path -> "/api" + path,
          path -> "/api" + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path));

  private static final String REWRITE = "rewrite: {strip-prefix: /api, reverse: true}";
  private static final String PLAIN = "endpoints: [\"http://svc:8080\", \"http://peer\"]";

  private final VirtualTime time = new VirtualTime();

  private String run(String upstream, PathReversal reversal, String name, String value) {
    GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
    exchange.currentTry().begun(Destinations.named("svc:8080"), 0);
    exchange.record().attempt(exchange.currentTry());
    exchange.upstreamPath("/orders/1");
    return run(exchange, upstream, reversal, name, value);
  }

  private static String run(
      GatewayExchange exchange, String upstream, PathReversal reversal, String name, String value) {
    GatewayResponse response = Response.of(200);
    response.headers().set(name, value);
    Policy policy =
        Config.policy(new ReverseRewriteFactory(), REWRITE, upstream, reversal).orElseThrow();
    ((Policy.Hook) policy).onResponse(exchange, response);
    assertThat(response.headers().getAll(name)).hasSize(1);
    return response.headers().get(name);
  }

  /** What is stored and given again was asked of no endpoint this time. */
  @ParameterizedTest
  @CsvSource({"2, /api/orders/2", "./2?x, /api/orders/2?x", "/base/login, /api/login"})
  void anAnswerThatWasKeptIsBelowTheBasePathAllTheSame(String said, String seen) {
    GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
    exchange.upstreamPath("/orders/1");
    String based = "endpoints: [\"http://svc:8080/base\"]";

    assertThat(run(exchange, based, PREFIX, "location", said)).isEqualTo(seen);
  }

  @ParameterizedTest
  @CsvSource({
    "/login, /api/login",
    "/login?next=/x#top, /api/login?next=/x#top",
    "/, /api/",
    "http://svc:8080/login?x=1, http://gateway/api/login?x=1",
    "HTTP://SVC:8080/login, http://gateway/api/login",
    "https://svc:8080/login, http://gateway/api/login",
    "http://svc:8080, http://gateway/api/",
    "http://svc:8080?x, http://gateway/api/?x",
    "http://peer/x, http://gateway/api/x",
    "http://peer:80/x, http://gateway/api/x",
    "//svc:8080/x, //gateway/api/x",
    "/a/../b, /api/b",
  })
  void itsOwnPathsBecomeTheClients(String said, String seen) {
    assertThat(run(PLAIN, PREFIX, "location", said)).isEqualTo(seen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://svc/login",
        "http://svc:8081/login",
        "https://peer:80/x",
        "http://other.test/login",
        "http://svc:8080@other.test/login",
        "//other.test/login",
        "http://gateway/login",
        "mailto:a@svc",
        "http:login",
        "?page=2",
        "#top",
        "/\\\\other.test/login",
        "",
      })
  void everythingElseIsLeftAlone(String said) {
    assertThat(run(PLAIN, PREFIX, "location", said)).isEqualTo(said);
  }

  @Test
  void aRelativeReferenceThatWorksForTheClientStaysRelative() {
    // /a and /orders/1 differ in depth, so that only the absolute path says what is meant.
    assertThat(run(PLAIN, PREFIX, "location", "2?x")).isEqualTo("/api/orders/2?x");
    assertThat(run(PLAIN, PREFIX, "location", "../users")).isEqualTo("/api/users");
    GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
    exchange.upstreamPath("/a");
    PathReversal same = new PathReversal(path -> path, path -> path);
    assertThat(run(exchange, PLAIN, same, "location", "b/c")).isEqualTo("b/c");
  }

  @Test
  void aPathThatWouldNameAnotherHostIsLeftAlone() {
    PathReversal strips = new PathReversal(path -> path.substring(9), path -> path);
    assertThat(run(PLAIN, strips, "location", "/internal//evil.test/"))
        .isEqualTo("/internal//evil.test/");
  }

  @Test
  void whatCannotBeTurnedBackIsLeftAlone() {
    PathReversal none = new PathReversal(path -> null, path -> null);
    assertThat(run(PLAIN, none, "location", "http://svc:8080/x")).isEqualTo("http://svc:8080/x");
    assertThat(run(PLAIN, none, "location", "/x")).isEqualTo("/x");
    assertThat(run(PLAIN, none, "set-cookie", "a=b; Path=/x")).isEqualTo("a=b; Path=/x");
  }

  @Test
  void theBasePathOfTheEndpointComesOffFirst() {
    String based = "endpoints: [\"http://svc:8080/base\"]";
    assertThat(run(based, PREFIX, "location", "/base/login")).isEqualTo("/api/login");
    assertThat(run(based, PREFIX, "location", "/base")).isEqualTo("/api/");
    assertThat(run(based, PREFIX, "location", "/baseless")).isEqualTo("/baseless");
    assertThat(run(based, PREFIX, "location", "../users")).isEqualTo("/api/users");
    assertThat(run(based, PREFIX, "set-cookie", "a=b; Path=/")).isEqualTo("a=b; Path=/api");
    assertThat(run(based, PREFIX, "set-cookie", "a=b; Path=/base/x")).isEqualTo("a=b; Path=/api/x");
    assertThat(run(based, PREFIX, "set-cookie", "a=b; Path=/x")).isEqualTo("a=b; Path=/x");
  }

  @Test
  void theHostTheServiceIsSentIsItsOwn() {
    assertThat(run(PLAIN + ", host: svc.internal", PREFIX, "location", "https://svc.internal/x"))
        .isEqualTo("http://gateway/api/x");
    assertThat(run(PLAIN + ", host: preserve", PREFIX, "location", "https://gateway:443/x"))
        .isEqualTo("http://gateway/api/x");
  }

  @Test
  void behindATrustedProxyTheClientsSideIsWhatThatTells() {
    GatewayExchange exchange =
        time.exchange(HttpMethod.GET, Body.EMPTY, "https", "shop.example.com");
    assertThat(run(exchange, PLAIN, PREFIX, "location", "http://svc:8080/x"))
        .isEqualTo("https://shop.example.com/api/x");
  }

  @ParameterizedTest
  @CsvSource({
    "5; url=http://svc:8080/x, 5; url=http://gateway/api/x",
    "0;URL='/x', 0;URL='/api/x'",
    "0, 0",
    "5; url=, 5; url=",
    "5; url=http://other.test/, 5; url=http://other.test/",
    "soon; url=/x, soon; url=/x",
  })
  void refreshToo(String said, String seen) {
    assertThat(run(PLAIN, PREFIX, "refresh", said.replace('`', '\''))).isEqualTo(seen);
  }

  @Test
  void contentLocationToo() {
    assertThat(run(PLAIN, PREFIX, "content-location", "/x")).isEqualTo("/api/x");
  }

  @ParameterizedTest
  @CsvSource({
    "a=b; Path=/; HttpOnly, a=b; Path=/api; HttpOnly",
    "a=b;path=/x;Secure, a=b;path=/api/x;Secure",
    "a=b; PATH = /x/, a=b; PATH = /api/x",
    "a=b, a=b",
    "a=b; Path=, a=b; Path=",
    "a=b; Path=x, a=b; Path=x",
    "path=/x; Secure, path=/x; Secure",
    "__Host-a=b; Path=/; Secure, __Host-a=b; Path=/; Secure",
    "a=b; Path=/x; Path=/y, a=b; Path=/api/x; Path=/api/y",
  })
  void cookiesBelongToTheClientsPath(String said, String seen) {
    assertThat(run(PLAIN, PREFIX, "set-cookie", said)).isEqualTo(seen);
  }

  @Test
  void itIsNotThereUnlessAskedFor() {
    ReverseRewriteFactory factory = new ReverseRewriteFactory();
    assertThat(Config.policy(factory, "rewrite: {strip-prefix: /api}", PLAIN, PREFIX)).isEmpty();
    assertThat(Config.policy(factory, "", PLAIN, null)).isEmpty();
  }
}

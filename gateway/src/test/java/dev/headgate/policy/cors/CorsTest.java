package dev.headgate.policy.cors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.PolicyChain;
import dev.headgate.testing.Config;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class CorsTest {
  private final VirtualTime time = new VirtualTime();
  private int calls;

  private static GatewayExchange with(GatewayExchange exchange, String... fields) {
    for (int i = 0; i < fields.length; i += 2) {
      exchange.headers().add(fields[i], fields[i + 1]);
    }
    return exchange;
  }

  private GatewayExchange get(String... fields) {
    return with(time.exchange(HttpMethod.GET, Body.EMPTY), fields);
  }

  private GatewayExchange preflight(String origin, String method, String... fields) {
    GatewayExchange exchange = time.exchange(HttpMethod.OPTIONS, Body.EMPTY);
    with(exchange, "origin", origin, "access-control-request-method", method);
    return with(exchange, fields);
  }

  /** What the client gets. */
  private HttpHeaders run(String cors, GatewayExchange exchange, String... answered) {
    PolicyChain chain = chain(cors, answered);
    GatewayResponse[] got = new GatewayResponse[1];
    chain.run(exchange).subscribe(response -> got[0] = response);
    chain.onResponse(exchange, got[0]);
    return got[0].headers();
  }

  private PolicyChain chain(String cors, String... answered) {
    return PolicyChain.compile(
        List.of(Config.policy(new CorsFactory(), cors).orElseThrow()),
        exchange -> {
          calls++;
          GatewayResponse response = Response.of(200);
          for (int i = 0; i < answered.length; i += 2) {
            response.headers().add(answered[i], answered[i + 1]);
          }
          return Mono.just(response);
        });
  }

  private static @Nullable String allowed(HttpHeaders headers) {
    return headers.get("access-control-allow-origin");
  }

  private static final String APP = "https://app.example.com";
  private static final String ONE = "cors: {origins: [\"" + APP + "\"]}";

  @Test
  void aPreflightIsAnsweredWithoutTheService() {
    HttpHeaders answer =
        run(
            "match: {methods: [PUT, GET]}, cors: {origins: [\""
                + APP
                + "\"], headers: [X-A, content-type], credentials: true, max-age: 1h}",
            preflight(APP, "PUT", "access-control-request-headers", "x-a"));

    assertThat(calls).isZero();
    assertThat(allowed(answer)).isEqualTo(APP);
    assertThat(answer.get("access-control-allow-methods")).isEqualTo("PUT, GET");
    assertThat(answer.get("access-control-allow-headers")).isEqualTo("X-A, content-type");
    assertThat(answer.get("access-control-allow-credentials")).isEqualTo("true");
    assertThat(answer.get("access-control-max-age")).isEqualTo("3600");
    assertThat(answer.getAll("vary"))
        .containsExactly("Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    assertThat(answer.contains("access-control-allow-private-network")).isFalse();
  }

  @Test
  void withoutMethodsAnywhereTheSafelistedOnesAreAllowed() {
    assertThat(run(ONE, preflight(APP, "PUT")).get("access-control-allow-methods"))
        .isEqualTo("GET, HEAD, POST");
  }

  @Test
  void aStarForMethodsAndHeadersSaysBackWhatWasAskedFor() {
    HttpHeaders answer =
        run(
            "cors: {origins: [\"" + APP + "\"], methods: [\"*\"], headers: [\"*\"]}",
            preflight(APP, "PATCH", "access-control-request-headers", "x-a,x-b"));

    assertThat(answer.get("access-control-allow-methods")).isEqualTo("PATCH");
    assertThat(answer.get("access-control-allow-headers")).isEqualTo("x-a, x-b");
  }

  @Test
  void aPreflightOfAnotherOriginIsRefusedWithoutAnyPermission() {
    PolicyChain chain = chain(ONE);
    GatewayExchange exchange = preflight("https://evil.test", "GET");

    assertThat(Response.to(chain.run(exchange)).failure()).isEqualTo("ORIGIN_NOT_ALLOWED");
    GatewayResponse refusal = Response.of(403);
    chain.onResponse(exchange, refusal);

    assertThat(allowed(refusal.headers())).isNull();
    assertThat(refusal.headers().get("vary")).startsWith("Origin");
    assertThat(calls).isZero();
  }

  @Test
  void anOptionsRequestThatIsNoPreflightGoesThrough() {
    run(ONE, with(time.exchange(HttpMethod.OPTIONS, Body.EMPTY), "origin", APP));
    run(
        ONE,
        with(
            time.exchange(HttpMethod.OPTIONS, Body.EMPTY), "access-control-request-method", "GET"));

    assertThat(calls).isEqualTo(2);
  }

  @Test
  void whatTheServiceSaysIsReplaced() {
    HttpHeaders answer =
        run(
            "cors: {origins: [\"" + APP + "\"], expose-headers: [x-total]}",
            get("origin", APP),
            "Access-Control-Allow-Origin",
            "*",
            "Access-Control-Allow-Origin",
            "https://other.test",
            "Access-Control-Allow-Credentials",
            "true",
            "Vary",
            "origin");

    assertThat(answer.getAll("access-control-allow-origin")).containsExactly(APP);
    assertThat(answer.contains("access-control-allow-credentials")).isFalse();
    assertThat(answer.get("access-control-expose-headers")).isEqualTo("x-total");
    assertThat(answer.getAll("vary")).containsExactly("origin");
  }

  @Test
  void anotherOriginPassesButGetsNoPermission() {
    HttpHeaders answer =
        run(ONE, get("origin", "https://evil.test"), "Access-Control-Allow-Origin", "*");

    assertThat(calls).isEqualTo(1);
    assertThat(allowed(answer)).isNull();
    assertThat(answer.get("vary")).isEqualTo("Origin");
  }

  @Test
  void withoutAnOriginOnlyVaryIsSaid() {
    HttpHeaders answer = run(ONE, get());

    assertThat(allowed(answer)).isNull();
    assertThat(answer.get("vary")).isEqualTo("Origin");
  }

  @Test
  void twoOriginsAreNone() {
    assertThat(allowed(run(ONE, get("origin", APP, "origin", APP)))).isNull();
  }

  @Test
  void nullIsAllowedOnlyWhereItIsListed() {
    assertThat(allowed(run(ONE, get("origin", "null")))).isNull();
    assertThat(allowed(run("cors: {origins: [\"null\"]}", get("origin", "null"))))
        .isEqualTo("null");
    assertThat(allowed(run("cors: {origins: [\"*\"]}", get("origin", "null")))).isEqualTo("*");
  }

  @Test
  void anOriginThatTheRouteHidesFromTheServiceStillCounts() {
    PolicyChain chain = chain(ONE);
    GatewayExchange exchange = get("origin", APP);
    chain.run(exchange).subscribe();
    exchange.headers().remove("origin");
    GatewayResponse response = Response.of(200);

    chain.onResponse(exchange, response);

    assertThat(allowed(response.headers())).isEqualTo(APP);
  }

  @Test
  void theChainSaysThatItAnswersPreflights() {
    assertThat(chain(ONE).answersPreflights()).isTrue();
    assertThat(PolicyChain.compile(List.of(), e -> Mono.empty()).answersPreflights()).isFalse();
  }

  @Test
  void contradictionsAreProblems() {
    assertThat(problems("origins: [\"*\"], credentials: true"))
        .containsExactly(
            "cors.credentials: \"true\" stands beside the origin * (expected: the origins by"
                + " name, or credentials: false)");
    assertThat(problems("origins: [\"*\", \"null\"]")).singleElement().asString().contains("alone");
    assertThat(problems("origins: [\"https://a.test/\"]"))
        .singleElement()
        .asString()
        .startsWith("cors.origins[0]: \"https://a.test/\" is no origin");
    assertThat(problems("max-age: 1m")).singleElement().asString().contains("origins is missing");
  }

  private static List<String> problems(String cors) {
    return Config.problems(new CorsFactory(), "cors: {" + cors + "}");
  }
}

package dev.headgate.policy.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.RouteTarget;
import dev.headgate.config.VersioningConfig;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.ServedVersion;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class VersionFactoryTest {
  private static final String DAYS = "deprecated: 2026-01-01, sunset: 2027-01-01";
  private static final String DOCS = ", docs: \"https://a/b\"";

  private final GatewayExchange exchange = new VirtualTime().exchange(HttpMethod.GET, Body.EMPTY);
  private Instant now = Instant.parse("2026-06-01T00:00:00Z");

  private RouteConfig route(String versioning, String version) {
    String yaml =
        """
        upstreams: {u: {endpoints: ["http://u:1"]}}
        routes: {r: {match: {}, versioning: {from: {header: X-V, query: v}, %sversions: {1: {upstream: u, %s}}}}}
        """
            .formatted(versioning, version);
    ConfigSet set =
        Objects.requireNonNull(
            new ConfigLoader(List.of(), List.of())
                .load(List.of(ConfigFile.of("routes/r.yml", yaml)))
                .set());
    return Objects.requireNonNull(set.routes().get("r"));
  }

  private Policy serving(String versioning, String version) {
    RouteConfig route = route(versioning, version);
    VersioningConfig config = ((RouteTarget.Versioned) route.target()).versioning();
    ServedVersion served = new ServedVersion(config, "1");
    return new VersionFactory(() -> now)
        .create(new RouteContext(route.of(served.config()), null, null, served))
        .orElseThrow();
  }

  private HttpHeaders told(Policy policy, String... answered) {
    GatewayResponse response = Response.of(200);
    for (int i = 0; i < answered.length; i += 2) {
      response.headers().add(answered[i], answered[i + 1]);
    }
    ((Policy.Hook) policy).onResponse(exchange, response);
    return response.headers();
  }

  @Test
  void bothSidesAreToldTheVersion() {
    Policy policy = serving("", "");
    exchange.headers().set("X-API-Version", "v1.0");
    ((Policy.Hook) policy).onRequest(exchange);
    assertThat(exchange.headers().getAll("x-api-version")).containsExactly("1");
    HttpHeaders headers = told(policy, "api-version", "own", "vary", "X-V, Accept-Language");
    assertThat(headers.getAll("api-version")).containsExactly("1");
    assertThat(headers.getAll("vary")).containsExactly("X-V, Accept-Language");
    assertThat(headers.size()).isEqualTo(2);
  }

  @Test
  void whatEndsIsTold() {
    HttpHeaders headers = told(serving("", DAYS + DOCS));
    assertThat(headers.getAll("deprecation")).containsExactly("@1767225600");
    assertThat(headers.getAll("sunset")).containsExactly("Fri, 01 Jan 2027 00:00:00 GMT");
    assertThat(headers.getAll("link"))
        .containsExactly("<https://a/b>; rel=\"deprecation\"", "<https://a/b>; rel=\"sunset\"");
    assertThat(told(serving("", "sunset: 2027-01-01" + DOCS)).getAll("link"))
        .containsExactly("<https://a/b>; rel=\"sunset\"");
    assertThat(told(serving("", "deprecated: 2026-01-01")).get("link")).isNull();
  }

  @Test
  void whatTheServiceSaysItselfStays() {
    HttpHeaders headers =
        told(
            serving("", DAYS + DOCS),
            "Deprecation",
            "@1",
            "Sunset",
            "never",
            "Link",
            "</own>; rel=\"sunset\"");
    assertThat(headers.getAll("deprecation")).containsExactly("@1");
    assertThat(headers.getAll("sunset")).containsExactly("never");
    assertThat(headers.getAll("link"))
        .containsExactly("</own>; rel=\"sunset\"", "<https://a/b>; rel=\"deprecation\"");
  }

  @Test
  void aVersionIsServedUntilItsSunset() {
    Policy.Around policy = (Policy.Around) serving("", DAYS);
    GatewayResponse response = Response.of(200);
    now = Instant.parse("2026-12-31T23:59:59.999Z");
    StepVerifier.create(policy.apply(exchange, e -> Mono.just(response)))
        .expectNext(response)
        .verifyComplete();
    now = Instant.parse("2027-01-01T00:00:00Z");
    StepVerifier.create(policy.apply(exchange, e -> Mono.just(response)))
        .expectErrorMatches(
            error -> ((GatewayFailure) error).reason() == FailureReason.VERSION_SUNSET)
        .verify();
  }

  @Test
  void aVersionIsServedOnWhereTheRouteSaysSo() {
    assertThat(serving("after-sunset: serve, ", DAYS)).isNotInstanceOf(Policy.Around.class);
  }

  @Test
  void refusalsVaryToo() {
    Policy policy =
        new VersionFactory(() -> now)
            .create(new RouteContext(route("", ""), null, null, null))
            .orElseThrow();
    assertThat(told(policy)).singleElement().hasToString("vary=X-V");
    assertThat(new VersionFactory(() -> now).create(RouteContext.UNROUTED)).isEmpty();
  }
}

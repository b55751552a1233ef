package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which route a preflight reaches, and what browsers are told. */
class CorsIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream service;

  @BeforeEach
  void route() {
    service =
        edge.answering(
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\naccess-control-allow-origin: *\r\n\r\nok");
    edge.table(
        """
        upstreams:
          svc: {endpoints: ["http://127.0.0.1:%d"]}
        routes:
          app:
            match: {path: /app/**, methods: [GET, PUT]}
            upstream: svc
            cors: {origins: ["https://app.example.com", "https://*.example.org"], credentials: true}
          app-others: {match: {path: /app/**}, upstream: svc}
          gold:
            match: {path: /app/**, methods: [PUT], headers: {x-tier: gold}}
            upstream: svc
            cors: {origins: ["https://gold.example.com"]}
          plain: {match: {path: /plain, methods: [GET]}, upstream: svc}
          own: {match: {path: /own}, upstream: svc}
          down:
            match: {path: /down}
            upstream: svc
            timeout: {total: 5s}
            request-limits: {max-body: 1B}
            cors: {origins: ["https://app.example.com"]}
        """
            .formatted(service.port()));
  }

  private Answer preflight(String path, String origin, String method) throws IOException {
    return edge.client()
        .send(
            EdgeFixture.head(
                "OPTIONS " + path + " HTTP/1.1",
                "host: gateway",
                "origin: " + origin,
                "access-control-request-method: " + method,
                "access-control-request-headers: x-tier"))
        .readAnswer();
  }

  @Test
  void aPreflightReachesTheRouteOfTheMethodItAsksFor() throws IOException {
    Answer answer = preflight("/app/x", "https://app.example.com", "PUT");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.field("access-control-allow-origin")).isEqualTo("https://app.example.com");
    assertThat(answer.field("access-control-allow-methods")).isEqualTo("GET, PUT");
    assertThat(answer.field("access-control-allow-credentials")).isEqualTo("true");
    assertThat(answer.field("content-length")).isNull();
    assertThat(edge.record(0).route()).isEqualTo("app");
    assertThat(service.requests()).isEmpty();
  }

  @Test
  void aPreflightForAMethodOfAnotherRouteBelongsToThatOne() throws IOException {
    assertThat(preflight("/app/x", "https://app.example.com", "DELETE").body()).isEqualTo("ok");
    assertThat(edge.record(0).route()).isEqualTo("app-others");
  }

  @Test
  void aPreflightOfAnotherOriginIsRefusedAndTellsNothing() throws IOException {
    Answer answer = preflight("/app/x", "https://evil.test", "GET");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("ORIGIN_NOT_ALLOWED");
    assertThat(answer.head().fields())
        .noneMatch(field -> field.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
    assertThat(answer.field("vary")).startsWith("Origin");
    assertThat(service.requests()).isEmpty();
  }

  @Test
  void aRouteWithoutCorsKeepsItsOptions() throws IOException {
    assertThat(preflight("/plain", "https://app.example.com", "GET").status()).isEqualTo(405);
    assertThat(preflight("/own", "https://app.example.com", "GET").body()).isEqualTo("ok");
    assertThat(preflight("/nowhere", "https://app.example.com", "GET").body()).isEqualTo("spring");
  }

  @Test
  void anAllowedOriginMayReadTheAnswer() throws IOException {
    Answer answer =
        edge.client()
            .send(
                EdgeFixture.head(
                    "GET /app/x HTTP/1.1", "host: gateway", "Origin: https://a.b.example.org"))
            .readAnswer();

    assertThat(answer.body()).isEqualTo("ok");
    assertThat(answer.field("access-control-allow-origin")).isEqualTo("https://a.b.example.org");
    assertThat(answer.field("vary")).isEqualTo("Origin");
  }

  @Test
  void anErrorOfTheGatewayCanBeReadToo() throws IOException {
    Answer answer =
        edge.client()
            .send(
                EdgeFixture.head(
                        "POST /down HTTP/1.1",
                        "host: gateway",
                        "content-length: 2",
                        "origin: https://app.example.com")
                    + "xx")
            .readAnswer();

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.field("access-control-allow-origin")).isEqualTo("https://app.example.com");
  }
}

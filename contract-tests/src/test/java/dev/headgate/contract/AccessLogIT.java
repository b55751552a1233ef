package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** One JSON line a request on stdout. */
@Once
class AccessLogIT {
  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.playing(
          connection -> {
            for (var next = connection.read(); next != null; next = connection.read()) {
              if (next.target().contains("silent")) {
                connection.awaitEnd();
                return;
              }
              if (next.target().contains("endless")) {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun");
                connection.awaitEnd();
                return;
              }
              connection.write(Answer.ok("0123456789"));
            }
          });

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {shop: {endpoints: [\"@upstream@\"]}}")
              .routes(
                  """
                  routes:
                    orders: {match: {path: "/orders/**"}, upstream: shop}
                    hello: {match: {path: /hello}, respond: {status: 200, body: "hello"}}
                  """));

  @Test
  void aForwardedRequestHasEveryField() throws Exception {
    Response response = RawHttp.callWithBody(GATEWAY.port(), "POST /orders/7?token=s3cret", "four");
    JsonNode line = lineOf(response);
    Instant time = Instant.parse(line.path("time").asString());
    assertThat(Duration.between(time, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
    assertThat(line.path("id").asString()).isEqualTo(response.need("x-request-id"));
    assertThat(line.has("traceId")).isTrue();
    assertThat(line.path("client").asString()).contains("127.0.0.1");
    assertThat(line.path("method").asString()).isEqualTo("POST");
    assertThat(line.path("path").asString()).startsWith("/orders/7");
    assertThat(line.path("route").asString()).isEqualTo("orders");
    assertThat(line.path("upstream").asString()).isEqualTo("shop");
    assertThat(line.path("endpoint").asString()).contains("127.0.0.1:" + UPSTREAM.port());
    assertThat(line.path("attempts").asInt()).isEqualTo(1);
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("bytesIn").asLong()).isEqualTo(4);
    assertThat(line.path("bytesOut").asLong()).isEqualTo(10);
    assertThat(line.path("totalMs").asDouble(-1)).isGreaterThanOrEqualTo(0);
    assertThat(line.path("upstreamMs").asDouble(-1))
        .isGreaterThanOrEqualTo(0)
        .isLessThanOrEqualTo(line.path("totalMs").asDouble() + 1);
    assertThat(line.toString()).doesNotContain("s3cret");
  }

  @Test
  void theGatewaysOwnAnswersHaveALineToo() throws Exception {
    JsonNode hello = lineOf(RawHttp.get(GATEWAY.port(), "/hello"));
    assertThat(hello.path("route").asString()).isEqualTo("hello");
    assertThat(hello.path("attempts").asInt(0)).isZero();
    JsonNode unknown = lineOf(RawHttp.get(GATEWAY.port(), "/nowhere?q=s3cret"));
    assertThat(unknown.path("status").asInt()).isEqualTo(404);
    assertThat(unknown.path("path").asString()).startsWith("/nowhere");
    assertThat(unknown.path("flags").toString()).matches(".*[A-Za-z].*");
    assertThat(unknown.toString()).doesNotContain("s3cret");
  }

  @Test
  void aRequestWhoseClientLeavesBeforeTheAnswerHasALineThatSaysSo() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /orders/silent-1");
      UPSTREAM.take();
      http.reset();
    }
    JsonNode line =
        GATEWAY.process().awaitAccess(l -> l.path("path").asString().contains("silent-1"));
    assertThat(line.path("flags").toString()).matches(".*[A-Za-z].*");
    assertThat(line.path("route").asString()).isEqualTo("orders");
    assertThat(line.path("status").asInt(0)).isNotEqualTo(200);
  }

  @Test
  void aRequestWhoseClientLeavesAmidTheAnswerHasALineThatSaysSo() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /orders/endless-1").head();
      http.reset();
    }
    JsonNode line =
        GATEWAY.process().awaitAccess(l -> l.path("path").asString().contains("endless-1"));
    assertThat(line.path("flags").toString()).matches(".*[A-Za-z].*");
    assertThat(line.path("bytesOut").asLong()).isLessThan(1_000_000);
  }

  @Test
  void aCompleteAnswerHasNoFlags() throws Exception {
    JsonNode line = lineOf(RawHttp.get(GATEWAY.port(), "/orders/1"));
    assertThat(line.path("flags").toString()).doesNotMatch(".*[A-Za-z].*");
  }

  @Test
  void whatAClientWritesCannotBreakALine() throws Exception {
    RawHttp.get(GATEWAY.port(), "/orders/%22%7D%0A%7B", "User-Agent: \"}{\"a\\");
    RawHttp.call(GATEWAY.port(), "GE\"T /orders/quote\"d\\");
    RawHttp.call(GATEWAY.port(), "GET /orders/last-line");
    GATEWAY.process().awaitAccess(l -> l.path("path").asString().contains("last-line"));
    ObjectMapper json = new ObjectMapper();
    assertThat(GATEWAY.process().accessLines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(json.readTree(line).isObject()).isTrue());
  }

  @Test
  void eachRequestHasOneLine() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      for (int i = 0; i < 200; i++) {
        http.request("GET /orders/counted").response("GET");
      }
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(
                        GATEWAY.process().accessLines().stream()
                            .filter(line -> line.contains("/orders/counted"))
                            .count())
                    .isEqualTo(200));
  }

  private static JsonNode lineOf(Response response) {
    return GATEWAY.process().awaitAccess(response.need("x-request-id"));
  }
}

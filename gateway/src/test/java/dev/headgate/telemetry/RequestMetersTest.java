package dev.headgate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Try;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RequestMeters meters = new RequestMeters(registry, new ExemplarSource());
  private final RequestMeters.Counting counting = meters.counting();
  private final VirtualTime time = new VirtualTime();

  private GatewayExchange exchange(String method, String route) {
    GatewayExchange exchange = time.exchange(HttpMethod.valueOf(method), Body.EMPTY);
    exchange.record().route(route);
    return exchange;
  }

  private void over(GatewayExchange exchange, int status) {
    exchange.record().status(status);
    counting.ended(exchange);
  }

  private double requests(String... labels) {
    return Meters.REQUESTS.counter(registry, labels).count();
  }

  @Test
  void countsByRouteMethodStatusVersionAndOutcome() {
    over(exchange("GET", "users"), 200);
    over(exchange("GET", "users"), 200);
    GatewayExchange late = exchange("POST", "users");
    late.record().flag(FailureReason.DEADLINE_EXCEEDED);
    over(late, 504);

    assertThat(requests("users", "GET", "2xx", "", "OK")).isEqualTo(2);
    assertThat(requests("users", "POST", "5xx", "", "DEADLINE_EXCEEDED")).isEqualTo(1);
    assertThat(Meters.REQUEST_DURATION.timer(registry, "users", "2xx").count()).isEqualTo(2);
  }

  @Test
  void methodsNobodyListedAreOne() {
    for (int i = 0; i < 100; i++) {
      over(exchange("M" + i, "users"), 200);
    }

    assertThat(requests("users", "_OTHER", "2xx", "", "OK")).isEqualTo(100);
    assertThat(registry.find("headgate.requests").counters()).hasSize(1);
  }

  @Test
  void countsTriesByKindAndHowTheyEnded() {
    GatewayExchange exchange = exchange("GET", "users");
    Try first = begun(exchange, exchange.currentTry());
    time.advance(Duration.ofMillis(3));
    first.lasted(exchange.now());
    first.failed(FailureReason.UPSTREAM_RESET);
    Try second = begun(exchange, exchange.anotherTry(false));
    second.answered(503);
    second.lasted(exchange.now());
    second.ended(Try.End.COMPLETE);
    Try hedge = begun(exchange, exchange.anotherTry(true));
    hedge.lasted(exchange.now());
    hedge.ended(Try.End.CANCELLED);
    over(exchange, 503);

    assertThat(attempts("first", "UPSTREAM_RESET")).isEqualTo(1);
    assertThat(attempts("retry", "UPSTREAM_ERROR")).isEqualTo(1);
    assertThat(attempts("hedge", "CANCELLED")).isEqualTo(1);
    assertThat(Meters.UPSTREAM_DURATION.timer(registry, "u", "none").count()).isEqualTo(2);
    assertThat(Meters.UPSTREAM_DURATION.timer(registry, "u", "5xx").count()).isEqualTo(1);
    assertThat(requests("users", "GET", "5xx", "", "UPSTREAM_ERROR")).isEqualTo(1);
  }

  private static Try begun(GatewayExchange exchange, Try one) {
    one.begun(Destinations.named("svc"), exchange.now());
    exchange.record().attempt(one);
    return one;
  }

  private double attempts(String kind, String outcome) {
    return Meters.ATTEMPTS.counter(registry, "u", kind, outcome).count();
  }

  @Test
  void whatTheConfigNoLongerNamesIsLetGo() {
    over(exchange("GET", "users"), 200);
    over(exchange("GET", "orders"), 200);
    over(exchange("GET", ""), 404);

    meters.keepOnly(Set.of("orders"), Set.of());

    assertThat(registry.find("headgate.requests").counters())
        .extracting(c -> c.getId().getTag("route"))
        .containsExactlyInAnyOrder("orders", "");
    over(exchange("GET", "users"), 200);
    assertThat(requests("users", "GET", "2xx", "", "OK")).as("begun anew").isEqualTo(1);
  }
}

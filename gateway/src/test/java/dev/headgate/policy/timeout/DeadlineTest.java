package dev.headgate.policy.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.TimeoutFields;
import dev.headgate.policy.Next;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** What the caller's time and the route's make of each other, and what the service is told. */
class DeadlineTest {
  private final VirtualTime time = new VirtualTime();
  private final GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
  private int calls;

  private Response run(@Nullable Duration total) {
    return run(
        total,
        e -> {
          calls++;
          return Mono.never();
        });
  }

  private Response run(@Nullable Duration total, Next next) {
    // A request that comes by again passes the first stage no more.
    if (exchange.deadline().isNone()) {
      new SetDeadline(total).onRequest(exchange);
    }
    return Response.to(new TotalTimeout(total).apply(exchange, next));
  }

  private void caller(String field, String value) {
    exchange.headers().set(field, value);
  }

  private long remainingMillis() {
    return exchange.deadline().remainingNanos(exchange.now()) / 1_000_000;
  }

  private long told() {
    exchange.currentTry().begun(Destinations.named("e"), exchange.now());
    return TimeoutFields.toldMillis(exchange, exchange.currentTry());
  }

  @ParameterizedTest
  @CsvSource({"400, 400", "5000, 1000", "nonsense, 1000"})
  void theCallerShortensAndNeverLengthens(String said, long millis) {
    caller("x-request-timeout-ms", said);

    Response response = run(Duration.ofSeconds(1));

    assertThat(remainingMillis()).isEqualTo(millis);
    time.advance(Duration.ofMillis(millis - 1));
    assertThat(response.pending()).isTrue();
    time.advance(Duration.ofMillis(1));
    assertThat(response.failure()).isEqualTo("DEADLINE_EXCEEDED");
  }

  @Test
  void theCallerSetsOneWhereTheRouteHasNone() {
    caller("grpc-timeout", "50m");

    Response response = run(null);

    time.advance(Duration.ofMillis(50));
    assertThat(response.failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void noneAtAllLeavesTheChainAlone() {
    Response response = run(null);

    assertThat(exchange.deadline().isNone()).isTrue();
    assertThat(time.nothingScheduled()).isTrue();
    assertThat(response.pending()).isTrue();
    assertThat(told()).isZero();
  }

  @Test
  void aCallerWithoutTimeIsNotServed() {
    caller("grpc-timeout", "0n");

    assertThat(run(Duration.ofSeconds(1)).failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(calls).isZero();
  }

  @Test
  void whoComesByAgainHasWhatIsLeft() {
    caller("x-request-timeout-ms", "400");
    run(Duration.ofSeconds(1)).cancel();
    time.advance(Duration.ofMillis(300));

    Response again = run(Duration.ofSeconds(1));

    assertThat(remainingMillis()).isEqualTo(100);
    time.advance(Duration.ofMillis(100));
    assertThat(again.failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(run(Duration.ofSeconds(1)).failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(calls).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"30000, 29750", "1000, 950", "100, 95", "20, 15", "6, 1", "5, 1", "1, 1"})
  void theServiceIsToldWhatIsLeftLessAMargin(long totalMillis, long toldMillis) {
    run(Duration.ofMillis(totalMillis));

    assertThat(told()).isEqualTo(toldMillis);
  }

  @Test
  void theLimitOfATryCapsWhatIsTold() {
    run(Duration.ofSeconds(10));
    exchange.currentTry().limit(Duration.ofSeconds(1));
    assertThat(told()).isEqualTo(950);

    exchange.currentTry().begun(Destinations.named("e"), exchange.now());
    time.advance(Duration.ofMillis(500));

    assertThat(TimeoutFields.toldMillis(exchange, exchange.currentTry())).isEqualTo(475);
  }

  @Test
  void whatHasNoEndIsNotToldOfALimitThatIsTheGatewaysAlone() {
    exchange.headers().set("accept", "text/event-stream");
    run(Duration.ofSeconds(1));
    assertThat(told()).isZero();

    caller("x-request-timeout-ms", "500");
    assertThat(told()).isEqualTo(950);
  }

  @Test
  void aTryThatTheTotalEndsFirstHasNoTimerOfItsOwn() {
    Response response =
        run(
            Duration.ofMillis(100),
            e -> new TryTimeout(Duration.ofMillis(100)).apply(e, last -> Mono.never()));

    time.advance(Duration.ofMillis(100));

    assertThat(response.failure()).isEqualTo("DEADLINE_EXCEEDED");
  }
}

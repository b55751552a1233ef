package dev.headgate.policy.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

class TimeLimitTest {
  private static final Duration LIMIT = Duration.ofMillis(100);

  private final VirtualTime time = new VirtualTime();
  private final GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
  private final Sinks.One<GatewayResponse> service = Sinks.one();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final List<String> aborts = new ArrayList<>();

  private Mono<GatewayResponse> calling() {
    exchange.onAbort(failure -> aborts.add(failure.reason().name()));
    return service.asMono().doOnCancel(() -> cancelled.set(true));
  }

  private Response untilHead() {
    return Response.to(
        TimeLimit.untilHead(calling(), exchange, LIMIT.toNanos(), FailureReason.UPSTREAM_TIMEOUT));
  }

  private Response untilEnd() {
    exchange.deadline(Deadline.after(exchange.now(), LIMIT));
    return Response.to(
        TimeLimit.untilEnd(calling(), exchange, LIMIT.toNanos(), FailureReason.DEADLINE_EXCEEDED));
  }

  @Test
  void failsAndCancelsWhenThereIsNoHeadInTime() {
    Response response = untilHead();
    time.advance(LIMIT.minusMillis(1));
    assertThat(response.pending()).isTrue();

    time.advance(Duration.ofMillis(1));

    assertThat(response.failure()).isEqualTo("UPSTREAM_TIMEOUT");
    assertThat(cancelled).isTrue();
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void endsAtTheHead() {
    Response response = untilHead();
    service.tryEmitValue(Response.of(200));

    assertThat(response.status()).isEqualTo(200);
    assertThat(time.nothingScheduled()).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(aborts).isEmpty();
  }

  @Test
  void coveringTheBodyItAbortsPastTheHead() {
    Response response = untilEnd();
    service.tryEmitValue(Response.of(200));
    assertThat(response.status()).isEqualTo(200);

    time.advance(LIMIT);

    assertThat(aborts).containsExactly("DEADLINE_EXCEEDED");
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void whatStoodInWithoutEndIsNotCutByTheFirstOnesLimit() {
    untilEnd();
    service.tryEmitValue(Response.of(503));

    exchange.deadline(Deadline.NONE);
    time.advance(LIMIT);

    assertThat(aborts).isEmpty();
  }

  @Test
  void coveringTheBodyItEndsWithTheExchange() {
    untilEnd();
    service.tryEmitValue(Response.of(200));
    time.advance(LIMIT.minusMillis(1));

    exchange.ended();

    assertThat(time.nothingScheduled()).isTrue();
    time.advance(LIMIT);
    assertThat(aborts).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/event-stream", "Text/Event-Stream; charset=utf-8"})
  void letsAnEventStreamGoAtItsHead(String type) {
    untilEnd();
    exchange.deadline(Deadline.after(exchange.now(), LIMIT));
    GatewayResponse stream = Response.of(200);
    stream.headers().set("content-type", type);
    service.tryEmitValue(stream);

    assertThat(time.nothingScheduled()).isTrue();
    assertThat(exchange.deadline().isNone()).isTrue();
  }

  @Test
  void letsATunnelGoAtItsHead() {
    untilEnd();
    exchange.deadline(Deadline.after(exchange.now(), LIMIT));

    service.tryEmitValue(Response.of(101));

    assertThat(time.nothingScheduled()).isTrue();
    assertThat(exchange.deadline().isNone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/event-stream-not", "text/plain"})
  void letsNothingElseGo(String type) {
    untilEnd();
    GatewayResponse response = Response.of(200);
    response.headers().set("content-type", type);
    service.tryEmitValue(response);

    time.advance(LIMIT);

    assertThat(aborts).hasSize(1);
  }

  @Test
  void passesAFailureOnAndStops() {
    Response response = untilEnd();
    service.tryEmitError(GatewayFailure.of(FailureReason.UPSTREAM_RESET));

    assertThat(response.failure()).isEqualTo("UPSTREAM_RESET");
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void cancelledItCancelsAndStops() {
    Response response = untilEnd();

    response.cancel();

    assertThat(cancelled).isTrue();
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void aResponseThatComesTooLateIsDiscarded() {
    TestPublisher<GatewayResponse> late =
        TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
    Response response =
        Response.to(
            TimeLimit.untilEnd(
                Mono.fromDirect(late), exchange, LIMIT.toNanos(), FailureReason.DEADLINE_EXCEEDED));
    time.advance(LIMIT);
    assertThat(response.failure()).isEqualTo("DEADLINE_EXCEEDED");
    Discards body = new Discards();

    late.next(Response.of(200, body));

    assertThat(body.count()).isEqualTo(1);
  }
}

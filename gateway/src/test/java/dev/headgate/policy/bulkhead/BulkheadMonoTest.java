package dev.headgate.policy.bulkhead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class BulkheadMonoTest {
  private static final Duration MAX_WAIT = Duration.ofMillis(100);

  private final VirtualTime time = new VirtualTime();
  private final Bulkhead bulkhead = new Bulkhead(new BulkheadConfig(1, 2, MAX_WAIT));

  /** A call whose service does what the test says. */
  private final class Call {
    final GatewayExchange exchange;
    final Sinks.One<GatewayResponse> service = Sinks.one();
    final Try one;
    final Response response;
    boolean asked;
    boolean cancelled;

    Call(GatewayExchange exchange) {
      this(exchange, true);
    }

    Call(GatewayExchange exchange, boolean begins) {
      this.exchange = exchange;
      this.one = exchange.currentTry();
      Mono<GatewayResponse> rest =
          service
              .asMono()
              .doOnSubscribe(
                  s -> {
                    asked = true;
                    if (begins) {
                      one.begun(Destinations.named("a:1"), exchange.now());
                    }
                  })
              .doOnCancel(
                  () -> {
                    cancelled = true;
                    one.ended(Try.End.CANCELLED);
                  });
      response =
          Response.to(
              new BulkheadPolicy("u", bulkhead, Decisions.UNCOUNTED).apply(exchange, e -> rest));
    }

    void answers() {
      service.tryEmitValue(Response.of(200));
    }

    void fails(FailureReason reason) {
      one.failed(reason);
      service.tryEmitError(GatewayFailure.of(reason));
    }

    List<String> steps() {
      return exchange.record().steps().stream()
          .map(
              step ->
                  "%s %s %d"
                      .formatted(
                          step.name(),
                          step.details().get("headgate.wait.end"),
                          TimeUnit.NANOSECONDS.toMillis(step.lastedNanos())))
          .toList();
    }

    List<String> decisions() {
      return exchange.record().decisions().stream().map(Decision.Made::text).toList();
    }
  }

  private GatewayExchange exchange() {
    return time.exchange(HttpMethod.GET, Body.EMPTY);
  }

  private Call call() {
    return new Call(exchange());
  }

  @Test
  void aPermitIsHeldToTheLastByte() {
    Call call = call();
    assertThat(bulkhead.inUse()).isEqualTo(1);
    assertThat(time.nothingScheduled()).as("no timer where nobody waits").isTrue();

    call.answers();
    assertThat(call.response.status()).isEqualTo(200);
    assertThat(bulkhead.inUse()).isEqualTo(1);

    call.one.ended(Try.End.COMPLETE);
    assertThat(bulkhead.inUse()).isZero();
    assertThat(call.decisions()).isEmpty();
  }

  @Test
  void anAnswerThatCameWholeHasGivenItsPermitBackAlready() {
    Call call = call();

    call.one.ended(Try.End.COMPLETE);
    call.answers();

    assertThat(call.response.status()).isEqualTo(200);
    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void aFailureGivesItBackOnce() {
    Call first = call();
    Call second = call();

    first.fails(FailureReason.UPSTREAM_RESET);
    time.run();

    assertThat(second.asked).isTrue();
    assertThat(bulkhead.inUse()).isEqualTo(1);
    second.fails(FailureReason.UPSTREAM_RESET);
    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void anInnerStageThatFailsBeforeTheTryBeginsGivesItBack() {
    Call call = new Call(exchange(), false);

    call.service.tryEmitError(GatewayFailure.of(FailureReason.POOL_EXHAUSTED));

    assertThat(call.response.failure()).isEqualTo("POOL_EXHAUSTED");
    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void anInnerStageThatAnswersByItselfGivesItBack() {
    Call call = new Call(exchange(), false);

    call.answers();

    assertThat(call.response.status()).isEqualTo(200);
    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void anInnerStageThatThrowsGivesItBack() {
    Call first = call();
    Response thrown =
        Response.to(
            new BulkheadPolicy("u", bulkhead, Decisions.UNCOUNTED)
                .apply(
                    exchange(),
                    e ->
                        new Mono<>() {
                          @Override
                          public void subscribe(
                              reactor.core.CoreSubscriber<? super GatewayResponse> actual) {
                            throw new IllegalStateException("the loop has gone");
                          }
                        }));
    first.one.ended(Try.End.COMPLETE);
    time.run();

    assertThat(thrown.failure()).isEqualTo("INTERNAL_ERROR");
    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void nothingGivenGivesItBack() {
    Response.to(
        new BulkheadPolicy("u", bulkhead, Decisions.UNCOUNTED)
            .apply(exchange(), e -> Mono.empty()));

    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void cancellingARunningTryGivesItBack() {
    Call call = call();

    call.response.cancel();

    assertThat(call.cancelled).isTrue();
    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void aWaitIsAStepHoweverItEnds() {
    Call first = call();
    Call granted = call();
    time.advance(Duration.ofMillis(7));
    first.fails(FailureReason.UPSTREAM_RESET);
    time.run();
    Call cancelled = call();
    cancelled.response.cancel();
    Call full = call();
    time.advance(bulkhead.limits().maxWait());

    assertThat(first.steps()).isEmpty();
    assertThat(granted.steps()).containsExactly("bulkhead wait granted 7");
    assertThat(cancelled.steps()).containsExactly("bulkhead wait cancelled 0");
    assertThat(full.steps())
        .containsExactly("bulkhead wait full " + bulkhead.limits().maxWait().toMillis());
  }

  @Test
  void oneThatWaitsRunsWhenAPermitComesBack() {
    Call first = call();
    Call second = call();
    assertThat(second.asked).isFalse();
    assertThat(second.decisions()).containsExactly("bulkhead-wait");

    first.answers();
    first.one.ended(Try.End.COMPLETE);
    assertThat(second.asked).as("not from within the other's call").isFalse();
    time.run();

    assertThat(second.asked).isTrue();
    assertThat(second.one.startNanos()).isEqualTo(second.exchange.now());
    assertThat(time.nothingScheduled()).isTrue();
  }

  @Test
  void thoseThatWaitAreServedInTheirOrder() {
    Call first = call();
    Call second = call();
    Call third = call();

    first.one.ended(Try.End.COMPLETE);
    Call late = call();
    time.run();

    assertThat(second.asked).isTrue();
    assertThat(third.asked).isFalse();
    assertThat(late.asked).isFalse();
    assertThat(bulkhead.waiting()).isEqualTo(2);
  }

  @Test
  void aFullQueueTurnsAwayAtOnce() {
    call();
    call();
    call();

    Call fourth = call();

    assertThat(fourth.response.failure()).isEqualTo("BULKHEAD_FULL");
    assertThat(fourth.decisions()).containsExactly("bulkhead-full:queue");
  }

  @Test
  void nobodyWaitsLongerThanMaxWait() {
    Call first = call();
    Call second = call();
    time.advance(MAX_WAIT.minusMillis(1));
    assertThat(second.response.pending()).isTrue();

    time.advance(Duration.ofMillis(1));

    assertThat(second.response.failure()).isEqualTo("BULKHEAD_FULL");
    assertThat(second.decisions()).containsExactly("bulkhead-wait", "bulkhead-full:wait");
    assertThat(bulkhead.waiting()).isZero();
    first.one.ended(Try.End.COMPLETE);
    assertThat(bulkhead.inUse()).isZero();
  }

  @Test
  void aDeadlineThatEndsFirstIsNoFullBulkhead() {
    call();
    GatewayExchange short1 = exchange();
    short1.deadline(Deadline.after(short1.now(), MAX_WAIT.minusMillis(1)));
    Call second = new Call(short1);

    time.advance(MAX_WAIT.minusMillis(1));

    assertThat(second.response.failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(second.decisions()).containsExactly("bulkhead-wait");
    assertThat(bulkhead.waiting()).isZero();
  }

  @Test
  void aDeadlineThatHasPassedDoesNotQueue() {
    call();
    GatewayExchange passed = exchange();
    passed.deadline(Deadline.after(passed.now(), Duration.ofMillis(1)));
    time.advance(Duration.ofMillis(1));

    assertThat(new Call(passed).response.failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(bulkhead.waiting()).isZero();
  }

  @Test
  void cancelledWhileItWaitsItLeavesAtOnce() {
    Call first = call();
    Call second = call();
    Call third = call();

    second.response.cancel();

    assertThat(bulkhead.waiting()).isEqualTo(1);
    first.one.ended(Try.End.COMPLETE);
    time.run();
    assertThat(second.asked).isFalse();
    assertThat(third.asked).isTrue();
  }

  @Test
  void cancelledBetweenThePermitAndItsTurnItGivesItBack() {
    Call first = call();
    Call second = call();
    Call third = call();
    first.one.ended(Try.End.COMPLETE);

    second.response.cancel();
    time.run();

    assertThat(second.asked).isFalse();
    assertThat(third.asked).isTrue();
    assertThat(bulkhead.inUse()).isEqualTo(1);
    assertThat(bulkhead.waiting()).isZero();
  }

  @Test
  void thePermitWinsOverTheLimitOfTheWait() {
    Call first = call();
    Call second = call();
    time.advance(MAX_WAIT.minusMillis(1));

    first.one.ended(Try.End.COMPLETE);
    time.advance(Duration.ofMillis(1));

    assertThat(second.asked).isTrue();
    assertThat(second.response.pending()).isTrue();
  }

  @Test
  void aHedgeOnlyTries() {
    call();
    GatewayExchange hedged = exchange();
    hedged.anotherTry(true);

    Call hedge = new Call(hedged);

    assertThat(hedge.response.failure()).isEqualTo("BULKHEAD_FULL");
    assertThat(hedge.decisions()).containsExactly("bulkhead-full:hedge");
    assertThat(bulkhead.waiting()).isZero();
  }

  @Test
  void aHedgeDoesNotOvertakeThoseThatWait() {
    Call first = call();
    call();
    bulkhead.limits(new BulkheadConfig(1, 2, MAX_WAIT));
    first.one.ended(Try.End.COMPLETE);
    GatewayExchange hedged = exchange();
    hedged.anotherTry(true);

    assertThat(new Call(hedged).response.failure()).isEqualTo("BULKHEAD_FULL");
  }

  @Test
  void aHigherLimitLetsThoseThatWaitIn() {
    call();
    Call second = call();

    bulkhead.limits(new BulkheadConfig(2, 2, MAX_WAIT));
    time.run();

    assertThat(second.asked).isTrue();
    assertThat(bulkhead.inUse()).isEqualTo(2);
  }

  @Test
  void aLowerLimitCountsThePermitsThatAreOut() {
    bulkhead.limits(new BulkheadConfig(2, 2, MAX_WAIT));
    Call first = call();
    Call second = call();
    Call third = call();
    bulkhead.limits(new BulkheadConfig(1, 2, MAX_WAIT));

    first.one.ended(Try.End.COMPLETE);
    time.run();
    assertThat(third.asked).isFalse();
    assertThat(bulkhead.inUse()).isEqualTo(1);

    second.one.ended(Try.End.COMPLETE);
    time.run();
    assertThat(third.asked).isTrue();
  }

  @Test
  void aLateTryIsNotTakenForTheOneThatIsCurrentThen() {
    Call first = call();
    GatewayExchange exchange = exchange();
    Call waits = new Call(exchange);
    exchange.anotherTry(true);

    first.one.ended(Try.End.COMPLETE);
    time.run();
    waits.answers();
    exchange.currentTry().ended(Try.End.COMPLETE);
    assertThat(bulkhead.inUse()).isEqualTo(1);
    waits.one.ended(Try.End.COMPLETE);

    assertThat(bulkhead.inUse()).isZero();
  }
}

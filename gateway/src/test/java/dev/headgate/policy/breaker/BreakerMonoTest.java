package dev.headgate.policy.breaker;

import static dev.headgate.policy.breaker.Breakers.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FailureSource;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.Discards;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

class BreakerMonoTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime();
  private final Breaker breaker =
      new Breaker("svc", PLAIN, time.loop().ticker()::nanoTime, Decisions.UNCOUNTED);
  private final BreakerPolicy policy =
      new BreakerPolicy(
          new BreakerSlot(PLAIN, config -> breaker),
          Statuses.of(List.of("5xx", "429")),
          PATIENCE.toNanos(),
          Decisions.UNCOUNTED);

  /** A call whose service does what the test says. */
  private final class Call {
    final GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
    final Try one = exchange.currentTry();
    final Sinks.One<GatewayResponse> service = Sinks.one();
    final Response response;
    boolean asked;

    Call(@Nullable Duration deadline, boolean begins) {
      if (deadline != null) {
        exchange.deadline(Deadline.after(exchange.now(), deadline));
      }
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
              .doOnCancel(() -> one.ended(Try.End.CANCELLED));
      response = Response.to(policy.apply(exchange, e -> rest));
    }

    void answers(int status) {
      service.tryEmitValue(Response.of(status));
    }

    void fails(FailureReason reason) {
      one.failed(reason);
      service.tryEmitError(GatewayFailure.of(reason));
    }
  }

  private Call call() {
    return new Call(null, true);
  }

  /** What four calls that go like this make of a breaker that opens at four. */
  private String after(Consumer<Call> course) {
    for (int i = 0; i < 4; i++) {
      course.accept(call());
    }
    return breaker.word();
  }

  private int permitted() {
    int permitted = 0;
    while (breaker.tryAcquire() != null) {
      permitted++;
    }
    return permitted;
  }

  private void halfOpen() {
    assertThat(after(call -> call.answers(500))).isEqualTo("open");
    time.advance(PLAIN.openFor().plusMillis(1));
  }

  @Test
  void openItTurnsAwayAtOnce() {
    after(call -> call.answers(500));
    time.advance(Duration.ofMillis(2_500));

    Call call = call();

    assertThat(call.response.failure()).isEqualTo("BREAKER_OPEN");
    assertThat(call.response.headers()).containsEntry("retry-after", "8");
    assertThat(call.asked).isFalse();
    assertThat(call.exchange.record().decisions())
        .extracting(Decision.Made::text)
        .containsExactly("breaker-open:open");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 599, 429})
  void aFailingStatusIsAFailureAtItsHead(int status) {
    assertThat(after(call -> call.answers(status))).isEqualTo("open");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 301, 400, 401, 404, 499})
  void anyOtherIsNone(int status) {
    assertThat(after(call -> call.answers(status))).isEqualTo("closed");
  }

  @ParameterizedTest
  @EnumSource
  void ofFailuresTheServicesOwnCount(FailureReason reason) {
    boolean counts =
        reason.source() == FailureSource.UPSTREAM
            && reason != FailureReason.UPSTREAM_UPGRADE_UNSUPPORTED;

    assertThat(after(call -> call.fails(reason))).isEqualTo(counts ? "open" : "closed");
  }

  @ParameterizedTest
  @EnumSource
  void soDoThoseInTheBody(FailureReason reason) {
    boolean counts =
        reason.source() == FailureSource.UPSTREAM
            && reason != FailureReason.UPSTREAM_UPGRADE_UNSUPPORTED;

    assertThat(
            after(
                call -> {
                  call.answers(200);
                  call.one.failed(reason);
                }))
        .isEqualTo(counts ? "open" : "closed");
  }

  @Test
  void anAnswerThatCameWholeIsASuccess() {
    halfOpen();

    for (int i = 0; i < 3; i++) {
      Call call = call();
      call.one.ended(Try.End.COMPLETE);
      call.answers(200);
    }

    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void anAnswerIsNoSuccessBeforeItsLastByte() {
    halfOpen();
    List<Call> calls = List.of(call(), call(), call());
    calls.forEach(call -> call.answers(200));
    assertThat(breaker.word()).isEqualTo("half-open");

    calls.forEach(call -> call.one.ended(Try.End.COMPLETE));

    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void anEndlessAnswerIsASuccessAtItsHead() {
    halfOpen();
    for (int i = 0; i < 2; i++) {
      GatewayResponse stream = Response.of(200);
      stream.headers().set("content-type", "text/event-stream");
      call().service.tryEmitValue(stream);
    }
    call().answers(101);

    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void aFullBulkheadGivesThePermissionBack() {
    halfOpen();
    call().fails(FailureReason.BULKHEAD_FULL);

    assertThat(permitted()).isEqualTo(3);
  }

  @Test
  void aClientThatGoesAwayGivesThePermissionBack() {
    halfOpen();
    call().response.cancel();
    Call inTheBody = call();
    inTheBody.answers(200);
    inTheBody.one.ended(Try.End.CANCELLED);
    new Call(null, false).response.cancel();

    assertThat(permitted()).isEqualTo(3);
  }

  @Test
  void anAnswerMadeOnTheWayGivesThePermissionBack() {
    halfOpen();
    new Call(null, false).answers(500);

    assertThat(permitted()).isEqualTo(3);
  }

  @Test
  void nothingGivenGivesThePermissionBack() {
    halfOpen();
    Response.to(policy.apply(time.exchange(HttpMethod.GET, Body.EMPTY), e -> Mono.empty()));

    assertThat(permitted()).isEqualTo(3);
  }

  /** The total limit lets go of a try when the deadline has passed. */
  private String afterDeadlines(Duration deadline, Consumer<Call> course) {
    for (int i = 0; i < 4; i++) {
      Call call = new Call(deadline, true);
      course.accept(call);
      time.advance(deadline);
      call.response.cancel();
    }
    return breaker.word();
  }

  @Test
  void aServiceThatLetsADeadlinePassHasFailed() {
    assertThat(afterDeadlines(PATIENCE, call -> {})).isEqualTo("open");
  }

  @Test
  void oneThatHadLittleTimeHasNot() {
    assertThat(afterDeadlines(PATIENCE.minusMillis(1), call -> {})).isEqualTo("closed");
  }

  @Test
  void oneThatWaitedForTheClientHasNot() {
    assertThat(afterDeadlines(PATIENCE, call -> call.one.awaitsClient())).isEqualTo("closed");
    assertThat(
            after(
                call -> {
                  call.one.awaitsClient();
                  call.one.ended(Try.End.CANCELLED);
                  call.service.tryEmitError(GatewayFailure.of(FailureReason.UPSTREAM_TIMEOUT));
                }))
        .isEqualTo("closed");
  }

  @Test
  void aClientThatGivesUpBeforeTheDeadlineSaysNothing() {
    for (int i = 0; i < 4; i++) {
      Call call = new Call(PATIENCE.multipliedBy(10), true);
      time.advance(PATIENCE.multipliedBy(9));
      call.response.cancel();
    }

    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void waitingForTheBulkheadIsNotTheServicesTime() {
    Breaker slow =
        new Breaker(
            "svc",
            Breakers.slow(Duration.ofMillis(50)),
            time.loop().ticker()::nanoTime,
            Decisions.UNCOUNTED);
    BreakerPolicy watching =
        new BreakerPolicy(
            new BreakerSlot(slow.config(), config -> slow),
            Statuses.SERVER_ERRORS,
            1,
            Decisions.UNCOUNTED);
    for (int i = 0; i < 5; i++) {
      GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY);
      Sinks.One<GatewayResponse> service = Sinks.one();
      Response.to(watching.apply(exchange, e -> service.asMono()));
      time.advance(Duration.ofSeconds(1));
      exchange.currentTry().begun(Destinations.named("a:1"), exchange.now());
      time.advance(Duration.ofMillis(50));
      service.tryEmitValue(Response.of(200));
      exchange.currentTry().ended(Try.End.COMPLETE);
    }

    assertThat(slow.word()).isEqualTo("closed");
  }

  @Test
  void anAnswerThatComesTooLateIsDiscarded() {
    TestPublisher<GatewayResponse> late =
        TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
    Response response =
        Response.to(
            policy.apply(time.exchange(HttpMethod.GET, Body.EMPTY), e -> Mono.fromDirect(late)));
    response.cancel();
    Discards body = new Discards();

    late.next(Response.of(200, body));

    assertThat(body.count()).isEqualTo(1);
  }
}

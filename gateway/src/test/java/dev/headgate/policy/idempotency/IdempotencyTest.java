package dev.headgate.policy.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Background;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.KeptBody;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Bytes;
import dev.headgate.testing.Config;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a keyed request gets, with a service and a store that do as they are told. */
class IdempotencyTest implements Background, StreamedBody.Source {
  private final VirtualTime time = new VirtualTime();
  private final Ledger store = new Ledger(() -> time.loop().ticker().nanoTime());
  private final Random random = new Random(1);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<GatewayExchange> served = new ArrayList<>();
  private GatewayExchange last = time.exchange(HttpMethod.POST, Body.EMPTY);
  private Sinks.One<GatewayResponse> service = Sinks.one();
  private String routeKeys = "idempotency: {required: true}";
  private int inBackground;
  private int cancelledBodies;

  @Override
  public void begun() {
    inBackground++;
  }

  @Override
  public void over() {
    inBackground--;
  }

  @Override
  public void readMore() {}

  @Override
  public void bodyCancelled() {
    cancelledBodies++;
  }

  private void route(String idempotency) {
    routeKeys = "idempotency: {" + idempotency + "}";
  }

  private Policy.Around policy() {
    IdempotencyFactory factory =
        new IdempotencyFactory(
            new KeyStore(store, true), random, this, Decisions.UNCOUNTED, meters);
    return (Policy.Around) Config.policy(factory, routeKeys).orElseThrow();
  }

  private GatewayExchange post(@Nullable String key, String body) {
    return request(HttpMethod.POST, key, new FullBody(Bytes.of(body)));
  }

  private GatewayExchange request(HttpMethod method, @Nullable String key, Body body) {
    GatewayExchange exchange = time.exchange(method, body);
    exchange.record().route("r");
    exchange.deadline(Deadline.after(exchange.now(), Duration.ofSeconds(10)));
    if (key != null) {
      exchange.headers().set(KeyField.NAME, key);
    }
    last = exchange;
    return exchange;
  }

  private Response run(GatewayExchange exchange) {
    return Response.to(policy().apply(exchange, this::serve));
  }

  /** The service: gets the request as soon as it is asked for, and answers when told. */
  private Mono<GatewayResponse> serve(GatewayExchange exchange) {
    served.add(exchange);
    exchange.currentTry().begun(Destinations.named("e"), exchange.now());
    exchange.record().attempt(exchange.currentTry());
    exchange.currentTry().sends();
    return service.asMono();
  }

  private void answers(int status, String body) {
    answers(Response.of(status, new FullBody(Bytes.of(body))));
  }

  private void answers(GatewayResponse response) {
    Try one = served.get(served.size() - 1).currentTry();
    one.answered(response.status().code());
    one.ended(Try.End.COMPLETE);
    service.tryEmitValue(response);
  }

  private void fails(FailureReason reason) {
    served.get(served.size() - 1).currentTry().failed(reason);
    service.tryEmitError(GatewayFailure.of(reason));
  }

  private void another() {
    service = Sinks.one();
  }

  private @Nullable String outcome() {
    ExchangeRecord.Keyed keyed = last.record().keyed();
    return keyed == null ? null : keyed.outcome();
  }

  private double inFlight() {
    return meters.get("headgate.idempotency.in.flight").gauge().value();
  }

  // ---- keys

  @Test
  void aRequestWithoutTheRequiredKeyIsRefused() {
    assertThat(run(post(null, "a")).failure()).isEqualTo("IDEMPOTENCY_KEY_MISSING");
    assertThat(run(post("a b", "a")).failure()).isEqualTo("IDEMPOTENCY_KEY_INVALID");
    assertThat(served).isEmpty();
    assertThat(store.calls).isEmpty();
  }

  @Test
  void whatNeedsNoKeyIsLeftAlone() {
    run(request(HttpMethod.GET, "k", Body.EMPTY));
    route("required: false");
    run(post(null, "a"));

    assertThat(served).hasSize(2);
    assertThat(store.calls).isEmpty();
  }

  // ---- one effect

  @Test
  void theAnswerIsKeptBeforeItIsGivenAndRepeated() {
    store.hold("settle");
    Response first = run(post("k", "a"));
    answers(201, "made");
    assertThat(first.pending()).isTrue();
    store.letGo();
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.body()).isEqualTo("made");
    assertThat(outcome()).isEqualTo("stored");

    Response repeat = run(post("k", "a"));

    assertThat(served).hasSize(1);
    assertThat(repeat.status()).isEqualTo(201);
    assertThat(repeat.body()).isEqualTo("made");
    assertThat(outcome()).isEqualTo("replayed");
    assertThat(last.record().decisions())
        .extracting(Decision.Made::decision)
        .containsExactly(Decision.IDEMPOTENCY_REPLAYED);
    assertThat(inFlight()).isZero();
  }

  @Test
  void anotherBodyOrPathUnderTheSameKeyIsRefused() {
    run(post("k", "a"));
    assertThat(run(post("k", "b")).failure()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    answers(200, "done");
    assertThat(run(post("k", "b")).failure()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(run(request(HttpMethod.PATCH, "k", new FullBody(Bytes.of("a")))).failure())
        .isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(served).hasSize(1);
  }

  @Test
  void keysOfTwoCallersAreTwo() {
    route("scope: [X-Tenant]");
    GatewayExchange one = post("k", "a");
    one.headers().set("x-tenant", "one");
    run(one);
    GatewayExchange two = post("k", "a");
    two.headers().set("x-tenant", "two");
    run(two);

    assertThat(served).hasSize(2);
  }

  @Test
  void aRepeatWhileTheFirstRunsIsToldToComeAgain() {
    run(post("k", "a"));

    Response repeat = run(post("k", "a"));

    assertThat(repeat.failure()).isEqualTo("IDEMPOTENCY_IN_PROGRESS");
    assertThat(repeat.headers()).containsEntry("retry-after", "1");
  }

  @Test
  void orWaitsForItsAnswer() {
    route("wait: 2s");
    run(post("k", "a"));
    Response repeat = run(post("k", "a"));
    time.advance(Duration.ofMillis(300));
    assertThat(repeat.pending()).isTrue();

    answers(200, "done");
    time.advance(Duration.ofMillis(260));

    assertThat(repeat.body()).isEqualTo("done");
  }

  @Test
  void butNotForEverAndNotWhenItHasGone() {
    route("wait: 2s");
    run(post("k", "a"));
    Response repeat = run(post("k", "a"));
    Response gone = run(post("k", "a"));
    gone.cancel();
    time.advance(Duration.ofMillis(1_999));
    assertThat(repeat.pending()).isTrue();
    time.advance(Duration.ofMillis(1));

    assertThat(repeat.failure()).isEqualTo("IDEMPOTENCY_IN_PROGRESS");
    assertThat(gone.pending()).isTrue();
    assertThat(served).hasSize(1);
  }

  @Test
  void aWaiterRunsWhereTheFirstDidNothing() {
    route("wait: 2s");
    run(post("k", "a"));
    Sinks.One<GatewayResponse> firsts = service;
    another();
    Response repeat = run(post("k", "a"));

    served.get(0).currentTry().failed(FailureReason.UPSTREAM_REFUSED);
    firsts.tryEmitError(GatewayFailure.of(FailureReason.UPSTREAM_REFUSED));
    time.advance(Duration.ofMillis(300));

    assertThat(served).hasSize(2);
    answers(200, "second");
    assertThat(repeat.body()).isEqualTo("second");
  }

  // ---- what becomes of a key

  @ParameterizedTest
  @ValueSource(ints = {409, 425, 429, 503})
  void whatSaysThatNothingWasDoneFreesTheKey(int status) {
    Response first = run(post("k", "a"));
    answers(status, "no");

    assertThat(first.status()).isEqualTo(status);
    assertThat(store.free()).isTrue();
    assertThat(outcome()).isEqualTo("released");
  }

  @Test
  void whatNeverReachedTheServiceFreesTheKeyBeforeTheClientHears() {
    store.hold("release");
    Response first = run(post("k", "a"));
    fails(FailureReason.UPSTREAM_REFUSED);
    assertThat(first.pending()).isTrue();
    store.letGo();

    assertThat(first.failure()).isEqualTo("UPSTREAM_REFUSED");
    assertThat(store.free()).isTrue();
  }

  @Test
  void whatMayHaveReachedItIsUnknown() {
    Response first = run(post("k", "a"));
    fails(FailureReason.UPSTREAM_RESET);

    assertThat(first.failure()).isEqualTo("UPSTREAM_RESET");
    assertThat(store.only()).containsInstanceOf(Entry.Unknown.class);
    assertThat(run(post("k", "a")).failure()).isEqualTo("IDEMPOTENCY_OUTCOME_UNKNOWN");
    assertThat(served).hasSize(1);
  }

  @Test
  void theUnknownRunsAgainWhereTheServiceTellsRepeats() {
    route("upstream-idempotent: true");
    run(post("k", "a"));
    assertThat(served.get(0).repeatable()).isTrue();
    fails(FailureReason.UPSTREAM_RESET);
    another();

    Response repeat = run(post("k", "a"));
    answers(200, "done");

    assertThat(repeat.body()).isEqualTo("done");
    assertThat(served).hasSize(2);
    assertThat(store.only()).containsInstanceOf(Entry.Completed.class);
  }

  @Test
  void aSecondRunThatDidNothingLeavesTheFirstUnknown() {
    route("upstream-idempotent: true");
    run(post("k", "a"));
    fails(FailureReason.UPSTREAM_RESET);
    another();
    run(post("k", "a"));
    fails(FailureReason.UPSTREAM_REFUSED);

    assertThat(store.only()).containsInstanceOf(Entry.Unknown.class);
    another();
    store.hold("take-over");
    run(post("k", "a")).cancel();
    store.letGo();
    assertThat(store.only()).containsInstanceOf(Entry.Unknown.class);
    assertThat(served).hasSize(2);
  }

  @Test
  void anAnswerThatIsTooLargeStreamsAndIsNeverRunAgain() {
    route("max-response: 3B");
    Response first = run(post("k", "a"));
    StreamedBody body = new StreamedBody(-1, this);
    answers(Response.of(200, body));
    body.offer(Bytes.of("ab"));
    assertThat(first.pending()).isTrue();
    body.offer(Bytes.of("cd"));

    assertThat(first.status()).isEqualTo(200);
    assertThat(outcome()).isEqualTo("too-large");
    assertThat(run(post("k", "a")).failure()).isEqualTo("IDEMPOTENCY_RESPONSE_NOT_STORED");
    assertThat(served).hasSize(1);
    first.cancel();
  }

  @Test
  void anAnswerThatBreaksOffIsUnknown() {
    Response first = run(post("k", "a"));
    StreamedBody body = new StreamedBody(9, this);
    Try one = served.get(0).currentTry();
    one.answered(200);
    service.tryEmitValue(Response.of(200, body));
    body.offer(Bytes.of("ab"));
    one.failed(FailureReason.UPSTREAM_PREMATURE_END);
    body.fail(GatewayFailure.of(FailureReason.UPSTREAM_PREMATURE_END));

    assertThat(first.failure()).isEqualTo("UPSTREAM_PREMATURE_END");
    assertThat(store.only()).containsInstanceOf(Entry.Unknown.class);
  }

  // ---- the client goes

  @Test
  void aCallThatWasSentRunsOnWithoutItsClient() {
    GatewayExchange exchange = post("k", "a");
    Response first = run(exchange);
    first.cancel();
    exchange.ended();
    assertThat(inBackground).isEqualTo(1);

    answers(200, "done");

    assertThat(inBackground).isZero();
    assertThat(run(post("k", "a")).body()).isEqualTo("done");
    assertThat(served).hasSize(1);
    assertThat(inFlight()).isZero();
  }

  @Test
  void oneThatWasNotFreesTheKey() {
    GatewayExchange exchange = post("k", "a");
    Sinks.One<GatewayResponse> waiting = Sinks.one();
    Response first = Response.to(policy().apply(exchange, e -> waiting.asMono()));
    first.cancel();

    assertThat(waiting.currentSubscriberCount()).isZero();
    assertThat(store.free()).isTrue();
    assertThat(inBackground).isZero();
  }

  @Test
  void oneWhoseClaimIsStillAskedForIsTakenBack() {
    store.hold("claim");
    run(post("k", "a")).cancel();
    store.letGo();

    assertThat(store.free()).isTrue();
    assertThat(served).isEmpty();
  }

  @Test
  void aBodyThatWillNeverBeWholeEndsItsCall() {
    route("max-body: 2B");
    StreamedBody body = new StreamedBody(9, this);
    Response first = run(request(HttpMethod.POST, "k", body));
    assertThat(served).hasSize(1);
    first.cancel();

    assertThat(service.currentSubscriberCount()).isZero();
    assertThat(store.only()).containsInstanceOf(Entry.Unknown.class);
    assertThat(inBackground).isZero();
  }

  // ---- bodies

  @Test
  void aBodyIsReadWholeBeforeTheClaim() {
    StreamedBody body = new StreamedBody(-1, this);
    run(request(HttpMethod.POST, "k", body));
    body.offer(Bytes.of("a"));
    assertThat(store.calls).isEmpty();
    body.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(store.calls).containsExactly("claim");
    ByteBuf sent = ((KeptBody) served.get(0).body()).copy();
    assertThat(sent.toString(UTF_8)).isEqualTo("a");
    sent.release();
    served.get(0).body().discard();
    last.ended();
  }

  @Test
  void whoWaitsForA100GetsOneSinceTheServiceIsNotAskedYet() {
    List<Integer> interim = new ArrayList<>();
    GatewayExchange exchange = request(HttpMethod.POST, "k", new StreamedBody(1, this));
    exchange.headers().set("expect", "100-continue");
    exchange.interim((status, headers) -> interim.add(status.code()));
    run(exchange);

    assertThat(interim).containsExactly(100);
    assertThat(exchange.headers().contains("expect")).isFalse();
  }

  @Test
  void oneThatDoesNotComeEndsAtTheDeadline() {
    StreamedBody body = new StreamedBody(-1, this);
    Response response = run(request(HttpMethod.POST, "k", body));
    body.offer(Bytes.of("a"));
    time.advance(Duration.ofSeconds(10));

    assertThat(response.failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(cancelledBodies).isEqualTo(1);
    assertThat(store.calls).isEmpty();
  }

  @Test
  void aLargeOneIsComparedOnceTheFirstIsComplete() {
    route("max-body: 2B");
    large("abcd");
    answers(200, "done");
    assertThat(run(post("k", "zzzz")).failure()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(run(post("k", "abcd")).body()).isEqualTo("done");
    assertThat(served).hasSize(1);
  }

  private void large(String text) {
    StreamedBody body = new StreamedBody(text.length(), this);
    run(request(HttpMethod.POST, "k", body));
    Bytes sent = new Bytes();
    served.get(0).body().subscribe(sent);
    sent.request(9);
    body.offer(Bytes.of(text));
    body.complete(EmptyHttpHeaders.INSTANCE);
    assertThat(sent.completed()).isTrue();
  }

  @Test
  void orRefusedWhereTheRouteSaysSo() {
    route("max-body: 2B, large-body: reject");
    assertThat(run(post("k", "abcd")).failure()).isEqualTo("PAYLOAD_TOO_LARGE");
    StreamedBody body = new StreamedBody(-1, this);
    Response chunked = run(request(HttpMethod.POST, "k", body));
    body.offer(Bytes.of("abcd"));

    assertThat(chunked.failure()).isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(store.calls).isEmpty();
    assertThat(cancelledBodies).isEqualTo(1);
  }

  // ---- the store

  @Test
  void withoutTheStoreNothingRuns() {
    store.fail("claim");
    Response response = run(post("k", "a"));

    assertThat(response.failure()).isEqualTo("IDEMPOTENCY_STORE_UNAVAILABLE");
    assertThat(response.headers()).containsEntry("retry-after", "1");
    assertThat(served).isEmpty();
  }

  @Test
  void orItRunsAndSaysSo() {
    route("on-store-failure: proceed");
    store.fail("claim");
    GatewayResponse answer = Response.of(200);
    Response response = run(post("k", "a"));
    answers(answer);

    assertThat(response.status()).isEqualTo(200);
    assertThat(answer.headers().get(KeyedCall.STATUS_FIELD)).isEqualTo("unprotected");
    assertThat(outcome()).isEqualTo("unprotected");
  }

  @Test
  void anAnswerThatCouldNotBeKeptIsGivenAndSaysSo() {
    GatewayResponse answer = Response.of(200);
    Response first = run(post("k", "a"));
    store.fail("settle");
    answers(answer);

    assertThat(first.status()).isEqualTo(200);
    assertThat(answer.headers().get(KeyedCall.STATUS_FIELD)).isEqualTo("not-stored");
    store.mend();
    assertThat(run(post("k", "a")).failure()).isEqualTo("IDEMPOTENCY_IN_PROGRESS");
    time.advance(Duration.ofSeconds(16));
    assertThat(run(post("k", "a")).failure()).isEqualTo("IDEMPOTENCY_OUTCOME_UNKNOWN");
    assertThat(served).hasSize(1);
  }

  @Test
  void whoLostItsLeaseGivesTheAnswerThatStands() {
    route("upstream-idempotent: true");
    GatewayExchange endless = post("k", "a");
    Response first = run(endless);
    Sinks.One<GatewayResponse> late = service;
    // Its process stood still: no timer of its own ran.
    store.fail("renew");
    time.advance(Duration.ofSeconds(16));
    another();
    Response second = run(post("k", "a"));
    answers(200, "second");
    assertThat(second.body()).isEqualTo("second");

    served.get(0).currentTry().answered(200);
    late.tryEmitValue(Response.of(200, new FullBody(Bytes.of("first"))));

    assertThat(first.body()).isEqualTo("second");
    assertThat(served.get(0).repeatable()).isFalse();
  }

  @Test
  void whoLostItWhileAnotherRunsStandsBack() {
    route("upstream-idempotent: true");
    Response first = run(post("k", "a"));
    Sinks.One<GatewayResponse> late = service;
    store.fail("renew");
    time.advance(Duration.ofSeconds(16));
    another();
    Response second = run(post("k", "a"));

    served.get(0).currentTry().answered(200);
    late.tryEmitValue(Response.of(200, new FullBody(Bytes.of("first"))));
    answers(200, "second");

    assertThat(first.failure()).isEqualTo("IDEMPOTENCY_IN_PROGRESS");
    assertThat(second.body()).isEqualTo("second");
    assertThat(inFlight()).isZero();
  }

  @Test
  void whoSawThatTheKeyIsUsedNeverRunsWithoutTheStore() {
    route("on-store-failure: proceed, wait: 2s");
    run(post("k", "a"));
    Response repeat = run(post("k", "a"));
    store.fail("claim");
    time.advance(Duration.ofMillis(100));

    assertThat(repeat.failure()).isEqualTo("IDEMPOTENCY_STORE_UNAVAILABLE");
    assertThat(served).hasSize(1);
  }

  @Test
  void aMethodThatMayBeRepeatedMayNotWithAKey() {
    route("methods: [PUT]");
    run(request(HttpMethod.PUT, "k", new FullBody(Bytes.of("a"))));

    assertThat(served.get(0).repeatable()).isFalse();
    assertThat(time.exchange(HttpMethod.PUT, Body.EMPTY).repeatable()).isTrue();
  }

  @Test
  void withoutADeadlineACallEndsSomeTimeAfterItsClientHasGone() {
    GatewayExchange endless = post("k", "a");
    endless.deadline(Deadline.NONE);
    run(endless).cancel();
    time.advance(Duration.ofMinutes(5));

    assertThat(service.currentSubscriberCount()).isZero();
    assertThat(store.only()).containsInstanceOf(Entry.Unknown.class);
    assertThat(inBackground).isZero();
  }

  @Test
  void aLeaseIsRenewedAsLongAsTheCallRuns() {
    GatewayExchange endless = post("k", "a");
    endless.deadline(Deadline.NONE);
    Response first = run(endless);
    time.advance(Duration.ofSeconds(95));
    assertThat(store.calls).filteredOn("renew"::equals).hasSizeGreaterThan(2);
    assertThat(store.only()).containsInstanceOf(Entry.Running.class);
    answers(200, "late");

    assertThat(first.body()).isEqualTo("late");
    time.advance(Duration.ofSeconds(60));
    assertThat(time.nothingScheduled()).isTrue();
  }
}

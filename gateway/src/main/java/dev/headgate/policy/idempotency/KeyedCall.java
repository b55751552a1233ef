package dev.headgate.policy.idempotency;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.EndedBody;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.KeptBody;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Next;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * The call that a claim was made for. It runs in an exchange of its own, since what it came to is
 * wanted also when its client has gone; its claim is ended before anybody gets its answer, so that
 * what a client has seen is what a repeat gets.
 *
 * <p>Three things end: the claim (settled or released, {@link #claimOver}), the answer (given, or
 * dropped since nobody waits for it), and the exchange ({@link #end}), which is last.
 */
final class KeyedCall implements CoreSubscriber<GatewayResponse>, Gathering.Listener {
  static final AsciiString STATUS_FIELD = AsciiString.cached("idempotency-status");

  private static final String NOT_STORED = "not-stored";

  /** For a call without a deadline, from the moment that nobody waits for it any more. */
  private static final Duration WITHOUT_CLIENT = Duration.ofMinutes(5);

  private final Idempotency policy;
  private final IdempotencyConfig config;
  private final IdempotencyTools tools;
  private final GatewayExchange outer;
  private final GatewayExchange inner;
  private final Claimed claimed;
  // Its own, as the client's exchange may end before it does; null where it reads what comes.
  private final @Nullable KeptBody share;
  private final @Nullable Gathering large;
  private final MessageDigest bodyDigest;
  private final CoreSubscriber<? super GatewayResponse> actual;
  private final StoreCalls calls;
  private final LeaseKeeper lease;
  private final int triesBefore;

  private @Nullable Subscription running;
  private @Nullable GatewayResponse response;
  private @Nullable Gathering gathering;
  private @Nullable GatewayFailure abortedBy;
  private @Nullable Future<?> timer;
  private boolean callOver;
  private boolean claimOver;
  private boolean clientGone;
  private boolean inBackground;
  private boolean given;
  private boolean ended;

  /**
   * What the call was let run by.
   *
   * @param fingerprint of the request, as it was when claimed
   * @param again whether an earlier request may have had its effect already
   */
  record Claimed(LookupKey key, Token token, Fingerprint fingerprint, boolean again) {}

  /**
   * @param large the body, where it is read only now; null where it is here
   * @param bodyDigest of that, as far as it has come
   */
  KeyedCall(
      Idempotency policy,
      GatewayExchange outer,
      Claimed claimed,
      @Nullable Gathering large,
      MessageDigest bodyDigest,
      Lease lease,
      CoreSubscriber<? super GatewayResponse> actual) {
    this.policy = policy;
    this.config = policy.config();
    this.tools = policy.tools();
    this.outer = outer;
    Body body = outer.body();
    this.share = body instanceof KeptBody kept ? kept.share() : null;
    this.inner = outer.outliving(share == null ? body : share);
    this.claimed = claimed;
    this.large = large;
    this.bodyDigest = bodyDigest;
    this.actual = actual;
    this.calls = new StoreCalls(inner, this::broken);
    this.lease = new LeaseKeeper(inner, tools.store(), calls, claimed, lease, this::leaseLost);
    this.triesBefore = outer.record().tries().size();
  }

  void run(Next next) {
    tools.meters().claimed();
    inner.onAbort(this::aborted);
    inner.interim(
        (status, headers) -> {
          if (!clientGone) {
            outer.interim().send(status, headers);
          }
        });
    inner.repeatableWhile(() -> config.upstreamIdempotent() && lease.live());
    lease.keep();
    Mono<GatewayResponse> call;
    try {
      call = next.run(inner);
    } catch (RuntimeException defect) {
      call = Mono.error(defect);
    }
    call.subscribe(this);
  }

  private List<Try> tries() {
    List<Try> all = inner.record().tries();
    return all.subList(triesBefore, all.size());
  }

  // ---- what the service gives

  @Override
  public void onSubscribe(Subscription subscription) {
    running = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(GatewayResponse answer) {
    if (callOver) {
      answer.discard();
      return;
    }
    callOver = true;
    response = answer;
    switch (Ending.answered(answer.status().code(), config.releaseOn(), tries())) {
      case RELEASE -> release(this::give);
      case UNKNOWN -> unknown(this::give);
      case KEEP -> keep(answer);
    }
  }

  private void keep(GatewayResponse answer) {
    Body body = answer.body();
    if (answer.endless() || body.length() > config.maxResponse()) {
      tooLarge();
    } else {
      Gathering all = new Gathering(body, config.maxResponse(), null);
      gathering = all;
      all.begin(this);
    }
  }

  @Override
  public void whole() {
    Gathering all = gathering;
    GatewayResponse answer = response;
    if (all == null || answer == null) {
      return;
    }
    gathering = null;
    ByteBuf content = all.take();
    StoredAnswer stored =
        new StoredAnswer(
            answer.status().code(),
            AnswerFields.kept(answer.headers()),
            ByteBufUtil.getBytes(content),
            all.trailers().copy());
    response =
        new GatewayResponse(
            answer.status(), answer.headers(), new FullBody(content, all.trailers()));
    settle(new Entry.Completed(known(), stored), KeyOutcome.STORED, this::give);
  }

  @Override
  public void tooLong() {
    GatewayResponse answer = response;
    Gathering rest = gathering;
    if (answer == null || rest == null) {
      return;
    }
    gathering = null;
    response = new GatewayResponse(answer.status(), answer.headers(), rest);
    tooLarge();
  }

  private void tooLarge() {
    settle(new Entry.NotStored(known()), KeyOutcome.TOO_LARGE, this::give);
  }

  @Override
  public void failed(Throwable error) {
    gathering = null;
    response = null;
    over(error);
  }

  @Override
  public void onError(Throwable error) {
    if (!callOver) {
      callOver = true;
      over(error);
    }
  }

  @Override
  public void onComplete() {
    if (!callOver) {
      onError(new IllegalStateException("a policy gave no response"));
    }
  }

  /** The total limit has come while the answer's body does. */
  private void aborted(GatewayFailure failure) {
    if (given) {
      outer.abort(failure);
    } else if (gathering != null) {
      gathering.cancel();
      failed(failure);
    } else {
      // While the store is told of an answer that is still to come.
      abortedBy = failure;
    }
  }

  private void over(Throwable error) {
    Runnable then = () -> fail(error);
    switch (Ending.failed(tries())) {
      case RELEASE -> release(then);
      default -> unknown(then);
    }
  }

  // ---- the claim's end

  /** The fullest that is known of the request: the digest of a large body is there by now. */
  private Fingerprint known() {
    Fingerprint before = claimed.fingerprint();
    return large != null && large.arrivedWhole()
        ? new Fingerprint(before.head(), digestSoFar())
        : before;
  }

  private byte[] digestSoFar() {
    try {
      return ((MessageDigest) bodyDigest.clone()).digest();
    } catch (CloneNotSupportedException everyProvidersCan) {
      throw new IllegalStateException(everyProvidersCan);
    }
  }

  private void unknown(Runnable then) {
    settle(new Entry.Unknown(known(), claimed.token()), KeyOutcome.UNKNOWN, then);
  }

  private void release(Runnable then) {
    if (claimed.again()) {
      // This time nothing was done; of the first nobody knows any more than before.
      unknown(then);
      return;
    }
    lease.stop();
    calls.hear(
        "release",
        tools.store().release(claimed.key(), claimed.token(), StoreCalls.AFTERWARDS),
        (released, failure) -> claimOver(KeyOutcome.RELEASED, then));
  }

  private void settle(Entry.Settled entry, KeyOutcome outcome, Runnable then) {
    lease.stop();
    calls.hear(
        "settle",
        tools
            .store()
            .settle(claimed.key(), claimed.token(), entry, config.ttl(), StoreCalls.AFTERWARDS),
        (settled, failure) -> {
          if (failure == null && Boolean.TRUE.equals(settled)) {
            claimOver(outcome, then);
          } else if (entry instanceof Entry.Unknown) {
            // So it becomes by itself, when the lease is over.
            claimOver(KeyOutcome.UNKNOWN, then);
          } else if (failure == null) {
            lost(then);
          } else {
            notStored(then);
          }
        });
  }

  private void notStored(Runnable then) {
    GatewayResponse answer = response;
    if (answer != null) {
      answer.headers().set(STATUS_FIELD, NOT_STORED);
    }
    claimOver(KeyOutcome.NOT_STORED, then);
  }

  /** The lease was over. Where the key is another's by now, its answer is the one there is. */
  private void lost(Runnable then) {
    calls.hear(
        "find",
        tools.store().find(claimed.key(), StoreCalls.AFTERWARDS),
        (found, failure) -> {
          Entry there = found == null ? null : found.orElse(null);
          if (there == null || !there.fingerprint().matches(claimed.fingerprint())) {
            notStored(then);
          } else if (there instanceof Entry.Completed completed) {
            drop();
            response = KeyedRequest.replayed(completed.answer());
            claimOver(KeyOutcome.REPLAYED, then);
          } else if (there instanceof Entry.Running running) {
            standsBack(running.token(), KeyOutcome.IN_PROGRESS, then);
          } else if (there instanceof Entry.Unknown unknown) {
            standsBack(unknown.token(), KeyOutcome.OUTCOME_UNKNOWN, then);
          } else {
            standsBack(null, KeyOutcome.RESPONSE_NOT_STORED, then);
          }
        });
  }

  /** An answer that another's may differ from is nobody's. */
  private void standsBack(@Nullable Token holder, KeyOutcome why, Runnable then) {
    if (claimed.token().equals(holder)) {
      notStored(then);
    } else {
      drop();
      claimOver(why, () -> fail(GatewayFailure.of(why.refusal())));
    }
  }

  /** Another may have the key. Where nothing was sent yet, nothing is. */
  private void leaseLost() {
    if (!callOver && tries().stream().noneMatch(Try::sent)) {
      cut();
      claimOver(
          KeyOutcome.STORE_UNAVAILABLE,
          () -> fail(GatewayFailure.of(FailureReason.IDEMPOTENCY_STORE_UNAVAILABLE)));
    }
  }

  private void cut() {
    callOver = true;
    if (running != null) {
      running.cancel();
    }
  }

  /** A defect of ours: the claim ends with its lease, and nobody waits for it. */
  void broken(GatewayFailure defect) {
    lease.stop();
    if (!callOver) {
      cut();
    }
    drop();
    claimOver(KeyOutcome.NOT_STORED, () -> {});
    if (!given) {
      fail(defect);
    }
  }

  private void claimOver(KeyOutcome outcome, Runnable then) {
    if (!claimOver) {
      claimOver = true;
      tools.meters().settled();
      policy.told(outer, claimed.key(), outcome);
      then.run();
    }
  }

  // ---- what the client gets

  private void give() {
    GatewayResponse answer = response;
    if (answer == null) {
      return;
    }
    boolean isWhole = answer.body() instanceof FullBody || answer.body() == Body.EMPTY;
    GatewayFailure late = isWhole ? null : abortedBy;
    response = null;
    if (clientGone || late != null) {
      answer.discard();
      fail(late == null ? GatewayFailure.of(FailureReason.CLIENT_ABORTED) : late);
      return;
    }
    given = true;
    if (isWhole) {
      end();
      actual.onNext(answer);
    } else {
      actual.onNext(
          new GatewayResponse(
              answer.status(), answer.headers(), new EndedBody(answer.body(), this::end)));
    }
    actual.onComplete();
  }

  private void fail(Throwable error) {
    given = true;
    end();
    if (!clientGone) {
      actual.onError(error);
    }
  }

  private void drop() {
    GatewayResponse answer = response;
    response = null;
    if (answer != null) {
      answer.discard();
    }
  }

  /** Nobody waits any more. What may have reached the service goes on to its end. */
  void clientGone() {
    if (clientGone || given) {
      return;
    }
    clientGone = true;
    inBackground = true;
    tools.background().begun();
    boolean sent = tries().stream().anyMatch(Try::sent);
    boolean bodyComes = large != null && !large.arrivedWhole();
    if (callOver || (sent && !bodyComes)) {
      tools.decisions().made(outer, Decision.IDEMPOTENCY_OUTLIVES_CLIENT, "");
      boundWithoutClient();
      return;
    }
    // Nothing was done, or the rest of the request will never come.
    cut();
    over(GatewayFailure.of(FailureReason.CLIENT_ABORTED));
  }

  private void boundWithoutClient() {
    if (inner.deadline().isNone() && !ended) {
      timer =
          inner
              .loop()
              .schedule(
                  this::tooLongWithoutClient, WITHOUT_CLIENT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void tooLongWithoutClient() {
    GatewayFailure failure = GatewayFailure.of(FailureReason.DEADLINE_EXCEEDED);
    if (gathering != null) {
      gathering.cancel();
      failed(failure);
    } else if (!callOver) {
      cut();
      over(failure);
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    if (timer != null) {
      timer.cancel(false);
    }
    // What it has not read of a body that still comes may be wanted by what stands in for it.
    if (share != null) {
      share.discard();
    }
    inner.ended();
    if (inBackground) {
      tools.background().over();
    }
  }
}

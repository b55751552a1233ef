package dev.headgate.policy.idempotency;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.KeptBody;
import dev.headgate.policy.Next;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * A request with a key, up to its claim: its body is read, the key is claimed, and it runs as a
 * {@link KeyedCall}, gets the first one's answer, waits for that, or is refused.
 */
final class KeyedRequest implements Subscription, Gathering.Listener {
  private static final String RETRY_AFTER = "retry-after";
  private static final String A_SECOND = "1";
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(250);
  // A key that changes hands all the time: somebody else makes progress.
  private static final int MOST_TAKEOVERS = 3;

  private final Idempotency policy;
  private final IdempotencyConfig config;
  private final GatewayExchange exchange;
  private final Next next;
  private final LookupKey key;
  private final CoreSubscriber<? super GatewayResponse> actual;
  private final StoreCalls calls;
  private final Token token;
  private final byte[] head;
  private final MessageDigest bodyDigest = Digests.sha256();

  private @Nullable Gathering body;
  private @Nullable Fingerprint fingerprint;
  private @Nullable KeyedCall call;
  private @Nullable Subscription other;
  private @Nullable Future<?> timer;
  private long waitUntil;
  private long pause = FIRST_PAUSE;
  private int takeovers;
  private boolean claiming;
  // Somebody else has, or had, the key: without the store nothing more is to be known.
  private boolean seen;
  private boolean over;

  KeyedRequest(
      Idempotency policy,
      GatewayExchange exchange,
      Next next,
      LookupKey key,
      CoreSubscriber<? super GatewayResponse> actual) {
    this.policy = policy;
    this.config = policy.config();
    this.exchange = exchange;
    this.next = next;
    this.key = key;
    this.actual = actual;
    this.calls = new StoreCalls(exchange, this::broken);
    this.token = Token.next(policy.tools().random());
    this.head = Digests.head(exchange);
  }

  // ---- its body

  void begin() {
    if (over) {
      return;
    }
    waitUntil = exchange.now() + exchange.deadline().cap(exchange.now(), config.waiting());
    Body arriving = exchange.body();
    if (arriving.length() > config.maxBody()) {
      beyondMax(new Gathering(arriving, 0, bodyDigest));
    } else if (arriving.length() == 0) {
      claimWith(bodyDigest.digest());
    } else if (arriving instanceof KeptBody kept) {
      // It comes by again, for another upstream.
      ByteBuf bytes = kept.copy();
      Digests.add(bodyDigest, bytes);
      bytes.release();
      claimWith(bodyDigest.digest());
    } else {
      Gathering gathering = new Gathering(arriving, config.maxBody(), bodyDigest);
      body = gathering;
      endAtDeadline();
      letSend();
      gathering.begin(this);
    }
  }

  /** Who waits for a 100 before it sends would wait for a service that has not been asked yet. */
  private void letSend() {
    if (exchange.headers().contains(HttpHeaderNames.EXPECT)) {
      exchange.headers().remove(HttpHeaderNames.EXPECT);
      exchange.interim().send(HttpResponseStatus.CONTINUE, new DefaultHttpHeaders());
    }
  }

  private void endAtDeadline() {
    long left = exchange.deadline().remainingNanos(exchange.now());
    if (left != Long.MAX_VALUE) {
      timer =
          exchange
              .loop()
              .schedule(
                  () -> {
                    if (!over) {
                      letGo();
                      fail(GatewayFailure.of(FailureReason.DEADLINE_EXCEEDED));
                    }
                  },
                  left,
                  TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void whole() {
    Gathering gathered = body;
    if (over || gathered == null) {
      return;
    }
    stopTimer();
    body = null;
    KeptBody kept = new KeptBody(gathered.take(), gathered.trailers());
    exchange.body(kept);
    exchange.onEnd(kept::discard);
    claimWith(bodyDigest.digest());
  }

  @Override
  public void tooLong() {
    Gathering longer = body;
    if (!over && longer != null) {
      stopTimer();
      beyondMax(longer);
    }
  }

  private void beyondMax(Gathering streamed) {
    body = streamed;
    exchange.body(streamed);
    exchange.onEnd(streamed::discard);
    if (config.largeBody() == IdempotencyConfig.LargeBody.REJECT) {
      streamed.discard();
      fail(GatewayFailure.of(FailureReason.PAYLOAD_TOO_LARGE));
    } else {
      claimWith(null);
    }
  }

  @Override
  public void failed(Throwable error) {
    stopTimer();
    if (!over) {
      fail(error);
    }
  }

  // ---- its claim

  private void claimWith(byte @Nullable [] digest) {
    fingerprint = new Fingerprint(head, digest);
    claim();
  }

  private void claim() {
    timer = null;
    Duration left = calls.left();
    if (over) {
      return;
    }
    if (left.isZero()) {
      fail(GatewayFailure.of(FailureReason.DEADLINE_EXCEEDED));
      return;
    }
    claiming = true;
    Lease lease = Lease.of(exchange);
    calls.hear(
        "claim",
        policy.tools().store().claim(key, lease.claim(token, mine(), config.ttl()), left),
        (there, failure) -> {
          claiming = false;
          if (failure != null || there == null) {
            storeFailed();
          } else {
            claimed(there, lease);
          }
        });
  }

  private Fingerprint mine() {
    Fingerprint known = fingerprint;
    if (known == null) {
      throw new IllegalStateException("claimed before the body was read");
    }
    return known;
  }

  private void claimed(Optional<Entry> there, Lease lease) {
    if (there.isEmpty()) {
      granted(lease, false);
    } else if (!over) {
      taken(there.get());
    }
  }

  /**
   * The key is this request's.
   *
   * @param again whether an earlier one may have had its effect already
   */
  private void granted(Lease lease, boolean again) {
    if (over || !lease.live(exchange.now())) {
      // The client went while the store was asked; nothing was done now.
      if (again) {
        Entry.Unknown before = new Entry.Unknown(mine(), token);
        policy.tools().store().settle(key, token, before, config.ttl(), StoreCalls.AFTERWARDS);
      } else {
        policy.tools().store().release(key, token, StoreCalls.AFTERWARDS);
      }
      if (!over) {
        // This process stood still for so long that the key may be another's by now.
        unavailable();
      }
      return;
    }
    policy.note(exchange, key, KeyOutcome.RUNNING);
    KeyedCall.Claimed claimed = new KeyedCall.Claimed(key, token, mine(), again);
    call = new KeyedCall(policy, exchange, claimed, body, bodyDigest, lease, actual);
    call.run(next);
  }

  private void storeFailed() {
    if (over) {
      return;
    }
    if (config.onStoreFailure() == IdempotencyConfig.OnStoreFailure.PROCEED && !seen) {
      policy.told(exchange, key, KeyOutcome.UNPROTECTED);
      runUnprotected();
    } else {
      unavailable();
    }
  }

  private void unavailable() {
    policy.told(exchange, key, KeyOutcome.STORE_UNAVAILABLE);
    fail(
        GatewayFailure.of(FailureReason.IDEMPOTENCY_STORE_UNAVAILABLE)
            .withHeader(RETRY_AFTER, A_SECOND));
  }

  private void runUnprotected() {
    Unprotected run = new Unprotected(actual);
    other = run;
    next.run(exchange).subscribe(run);
  }

  // ---- where the key was claimed before

  private void taken(Entry there) {
    seen = true;
    switch (Verdict.of(there, mine(), config.upstreamIdempotent())) {
      case REUSED -> refuse(KeyOutcome.REUSED);
      case IN_PROGRESS -> waitFor(there);
      case OUTCOME_UNKNOWN -> refuse(KeyOutcome.OUTCOME_UNKNOWN);
      case RUN_AGAIN -> takeOver((Entry.Unknown) there);
      case NOT_STORED -> compared(there, () -> refuse(KeyOutcome.RESPONSE_NOT_STORED));
      case REPLAY -> compared(there, () -> replay(((Entry.Completed) there).answer()));
    }
  }

  private void waitFor(Entry there) {
    long now = exchange.now();
    if (now >= waitUntil) {
      policy.told(exchange, key, KeyOutcome.IN_PROGRESS);
      fail(
          GatewayFailure.of(FailureReason.IDEMPOTENCY_IN_PROGRESS)
              .withHeader(RETRY_AFTER, A_SECOND));
      return;
    }
    long after = Math.min(pause, waitUntil - now);
    if (there instanceof Entry.Running running) {
      after = Math.min(after, running.left().toNanos() + 1);
    }
    pause = Math.min(LONGEST_PAUSE, 2 * pause);
    timer = exchange.loop().schedule(this::claim, after, TimeUnit.NANOSECONDS);
  }

  private void takeOver(Entry.Unknown there) {
    if (takeovers++ == MOST_TAKEOVERS) {
      waitUntil = exchange.now();
      waitFor(there);
      return;
    }
    claiming = true;
    if (!mine().knowsBody()) {
      // What the first one's body was is still to be known.
      fingerprint = there.fingerprint();
    }
    Lease lease = Lease.of(exchange);
    calls.hear(
        "take-over",
        policy
            .tools()
            .store()
            .takeOver(key, there.token(), lease.claim(token, mine(), config.ttl()), calls.left()),
        (mineNow, failure) -> {
          claiming = false;
          if (failure != null || mineNow == null) {
            storeFailed();
          } else if (mineNow) {
            granted(lease, true);
          } else {
            claim();
          }
        });
  }

  /** A body that was not read before the claim is read now, if there is something to hold it to. */
  private void compared(Entry there, Runnable then) {
    Gathering unread = body;
    if (unread == null || there.fingerprint().body() == null) {
      then.run();
      return;
    }
    endAtDeadline();
    letSend();
    unread.subscribe(
        new Drained(
            error -> {
              stopTimer();
              if (over) {
                return;
              }
              if (error != null) {
                fail(error);
              } else if (there.fingerprint().matches(new Fingerprint(head, bodyDigest.digest()))) {
                then.run();
              } else {
                refuse(KeyOutcome.REUSED);
              }
            }));
  }

  private void replay(StoredAnswer answer) {
    policy.told(exchange, key, KeyOutcome.REPLAYED);
    policy.tools().decisions().made(exchange, Decision.IDEMPOTENCY_REPLAYED, "");
    over = true;
    actual.onNext(replayed(answer));
    actual.onComplete();
  }

  /** An answer that was given before. */
  static GatewayResponse replayed(StoredAnswer answer) {
    GatewayResponse response =
        new GatewayResponse(
            HttpResponseStatus.valueOf(answer.status()),
            answer.headers().copy(),
            answer.body().length == 0 && answer.trailers().isEmpty()
                ? Body.EMPTY
                : new FullBody(Unpooled.wrappedBuffer(answer.body()), answer.trailers()));
    response.headers().set("idempotent-replayed", "true");
    return response;
  }

  private void refuse(KeyOutcome why) {
    policy.told(exchange, key, why);
    fail(GatewayFailure.of(why.refusal()));
  }

  /** A defect of ours: the claim, if there is one, ends with its lease. */
  private void broken(GatewayFailure defect) {
    if (call != null) {
      call.broken(defect);
    } else if (!over) {
      letGo();
      fail(defect);
    }
  }

  private void fail(Throwable failure) {
    over = true;
    actual.onError(failure);
  }

  // ---- the client

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    if (call != null) {
      call.clientGone();
    } else if (other != null) {
      other.cancel();
    } else if (!claiming) {
      letGo();
    }
  }

  private void letGo() {
    stopTimer();
    if (body != null) {
      body.cancel();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}

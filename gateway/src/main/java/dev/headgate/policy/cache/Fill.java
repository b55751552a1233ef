package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.EndedBody;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Interim;
import dev.headgate.exchange.Step;
import dev.headgate.policy.Next;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One call of the service whose answer may be kept, and given to all who wait for it. It belongs to
 * none of them: it runs in an exchange of its own, on the event loop of whoever came first, and
 * goes on when they leave.
 */
final class Fill implements CoreSubscriber<GatewayResponse>, Fills.Running {
  /** Answers for which a stored one may stand in (RFC 5861 section 4). */
  static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);

  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final int SERVER_ERROR = 500;

  static final String NO_ROOM = "no-room";
  static final String TOO_LARGE = "too-large";
  static final String FAILED = "failed";
  static final String UNCACHEABLE = "uncacheable";

  private static final String UPDATED = "updated";

  private final ResponseCache cache;
  private final CacheTools tools;
  private final CacheKey key;
  private final GatewayExchange inner;
  private final Next next;
  private final @Nullable SharedTier tier;
  private @Nullable Stored validating;
  private @Nullable Prefix beginning;
  private final boolean conditional;
  private final long startNanos;
  private long askedMillis;

  private final Waiters waiters;
  private @Nullable Subscription call;
  private @Nullable Arrival arrival;
  private @Nullable Waiter passedTo;
  private boolean answered;
  private boolean askedAgain;
  // The first call's completion, after an answer that was of no use.
  private boolean owed;
  private boolean ended;
  private boolean noted;
  private volatile boolean doomed;

  /**
   * @param inner its own exchange, with headers of its own
   * @param validating the stored answer whose validators go along; held until it is over
   * @param conditional whether the client's own conditions do
   * @param tier is looked into first; null to ask the service at once
   * @param whenOver it answers no waiters any more
   */
  Fill(
      ResponseCache cache,
      CacheKey key,
      GatewayExchange inner,
      Next next,
      @Nullable Stored validating,
      boolean conditional,
      @Nullable SharedTier tier,
      Runnable whenOver) {
    this.cache = cache;
    this.tools = cache.tools();
    this.key = key;
    this.inner = inner;
    this.next = next;
    this.validating = validating;
    this.conditional = conditional;
    this.tier = tier;
    this.waiters = new Waiters(whenOver);
    this.startNanos = inner.now();
  }

  @Override
  public CacheKey key() {
    return key;
  }

  @Override
  public void doom() {
    doomed = true;
  }

  /** Who waits for it. */
  Waiters waiters() {
    return waiters;
  }

  /** Gives up what nobody waits for; for calls that were made for one alone. */
  void cancel() {
    if (!answered) {
      answered = true;
      if (call != null) {
        call.cancel();
      }
      over("cancelled");
    }
  }

  /**
   * @param interim hears of interim answers
   */
  void run(Interim interim) {
    inner.onAbort(this::aborted);
    inner.interim(interim);
    if (!conditional) {
      Conditions.removeFrom(inner.headers());
      inner.headers().remove(HttpHeaderNames.RANGE);
    }
    if (tier == null) {
      askFirst();
    } else {
      tier.find(key, inner.headers(), there -> Waiters.on(inner.loop(), () -> elsewhere(there)));
    }
  }

  private void elsewhere(@Nullable Stored there) {
    if (there == null || answered) {
      if (there != null) {
        there.letGo();
      }
      askFirst();
      return;
    }
    if (validating != null) {
      validating.letGo();
    }
    validating = there;
    if (doomed || Verdict.of(there, RequestTerms.ANY, tools.clock().millis()) != Verdict.FRESH) {
      askFirst();
      return;
    }
    answered = true;
    note("shared");
    waiters.tell(
        (waiter, isFirst) -> {
          there.hold();
          return () -> waiter.found(there);
        });
    over("shared");
  }

  private void askFirst() {
    if (answered) {
      return;
    }
    if (validating != null) {
      Conditions.validate(validating.head(), inner.headers());
    } else if (!conditional) {
      beginning = cache.beginning(key, inner.headers());
      if (beginning != null) {
        beginning.askForRest(inner.headers());
      }
    }
    ask();
  }

  private void ask() {
    askedMillis = tools.clock().millis();
    Mono<GatewayResponse> answer;
    try {
      answer = next.run(inner);
    } catch (RuntimeException defect) {
      answer = Mono.error(defect);
    }
    answer.subscribe(this);
  }

  // ---- what the service gives

  @Override
  public void onSubscribe(Subscription subscription) {
    call = subscription;
    if (answered) {
      subscription.cancel();
    } else {
      subscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(GatewayResponse response) {
    if (answered) {
      response.discard();
      return;
    }
    int status = response.status().code();
    Stored stored = validating;
    if (stored != null && status == NOT_MODIFIED && Conditions.canValidate(stored.head())) {
      notModified(stored, response);
      return;
    }
    Prefix before = beginning;
    if (before != null && Storing.isOfRange(status)) {
      rest(before, response);
      return;
    }
    answered = true;
    if (FAILURES.contains(status) && stored != null) {
      failed(status, response, null);
    } else {
      keepOrPass(response);
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!answered) {
      answered = true;
      failed(0, null, error);
    }
  }

  @Override
  public void onComplete() {
    if (owed) {
      owed = false;
    } else if (!answered) {
      onError(new IllegalStateException("a policy gave no response"));
    }
  }

  private void notModified(Stored stored, GatewayResponse response) {
    if (Conditions.confirms(response.headers(), stored.head())) {
      answered = true;
      response.discard();
      validated(stored, response.headers());
    } else if (askedAgain) {
      answered = true;
      response.discard();
      failed(0, null, GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR));
    } else {
      // It is about an answer that is not here (RFC 9111 section 4.3.4): the whole is needed.
      askedAgain = true;
      askForAll(response);
    }
  }

  private void rest(Prefix before, GatewayResponse response) {
    Body body = response.body();
    if (before.isCompletedBy(response.status().code(), response.headers(), body.length())) {
      HttpHeaders headers = before.completed(response.headers());
      Renewed kept = Renewed.of(cache, OK, headers, inner.headers(), askedMillis);
      answered = kept.allowed();
      if (answered && grow(headers, body, kept.head(), before)) {
        return;
      }
      answered = false;
    }
    beginning = null;
    before.stored().letGo();
    askForAll(response);
  }

  /** Once more, after an answer that is of no use. */
  private void askForAll(GatewayResponse useless) {
    owed = true;
    useless.discard();
    Conditions.removeFrom(inner.headers());
    inner.headers().remove(HttpHeaderNames.RANGE);
    inner.anotherTry(false);
    ask();
  }

  private void validated(Stored stored, HttpHeaders newer) {
    Renewed renewed = Renewed.of(cache, stored, newer, inner.headers(), askedMillis);
    Stored updated = stored.with(renewed.head());
    if (!doomed && renewed.allowed()) {
      tools.store().update(key, inner.headers(), updated);
    }
    // Asked after the keeping, like that of an answer that is whole.
    String result = doomed ? "doomed" : renewed.allowed() ? UPDATED : UNCACHEABLE;
    if (result.equals(UPDATED)) {
      if (updated.isWhole()) {
        share(updated);
      }
    } else {
      tools.store().purge(key, (same, one) -> one.isSame(stored), null);
    }
    note(result);
    waiters.tell(
        (waiter, isFirst) -> {
          updated.hold();
          return () -> waiter.validated(updated);
        });
    over(result);
  }

  private void keepOrPass(GatewayResponse response) {
    int status = response.status().code();
    HttpHeaders headers = response.headers();
    Body body = response.body();
    Renewed kept = Renewed.of(cache, status, headers, inner.headers(), askedMillis);
    if (conditional && status == NOT_MODIFIED) {
      pass(response, UNCACHEABLE);
    } else if (!kept.allowed() || !wasAskedFor(status) || response.endless()) {
      if (status < SERVER_ERROR && !Storing.isOfRange(status)) {
        // What was kept of it before is no longer what the service says.
        tools.store().purge(key, (same, one) -> one.head().vary().matches(inner.headers()), null);
        cache.isNotShared(key);
      }
      pass(response, UNCACHEABLE);
    } else if (body.length() > cache.config().maxEntry()) {
      isForOne(status);
      pass(response, TOO_LARGE);
    } else if (!grow(headers, body, kept.head(), null)) {
      pass(response, NO_ROOM);
    }
  }

  // RFC 9110 section 15.3.7: no part is an answer to whoever wants the whole.
  private boolean wasAskedFor(int status) {
    return status != HttpResponseStatus.PARTIAL_CONTENT.code()
        || inner.headers().contains(HttpHeaderNames.RANGE);
  }

  private void share(Stored stored) {
    SharedTier others = tools.tier();
    if (others != null) {
      others.keep(key, stored, askedMillis);
    }
  }

  /** The answer is for whoever asked for it, and for no other. */
  private void pass(GatewayResponse response, String why) {
    note(why);
    Waiter asking = waiters.first();
    if (asking == null) {
      response.discard();
    }
    waiters.tell(
        (waiter, isFirst) -> {
          GatewayResponse own = isFirst ? passed(response, why) : null;
          return () -> waiter.unshared(own);
        });
    if (asking == null) {
      over(why);
    }
  }

  private GatewayResponse passed(GatewayResponse response, String why) {
    passedTo = waiters.first();
    return new GatewayResponse(
        response.status(), response.headers(), new EndedBody(response.body(), () -> over(why)));
  }

  /** False where there is no room; nothing was done then. */
  private boolean grow(HttpHeaders headers, Body body, Head kept, @Nullable Prefix before) {
    long length = before == null ? body.length() : before.part().whole();
    Growing content = new Growing(tools.room(), cache.config().maxEntry(), length, this::moved);
    if (!content.begin()) {
      return false;
    }
    if (before != null) {
      content.append(before.stored().content().retainedDuplicate(), () -> {});
    }
    Keeping keeping = new Keeping(this, tools.store(), kept, content, body);
    Arrival there = new Arrival(body, content, keeping);
    arrival = there;
    if (body.length() == 0) {
      keeping.whole();
    }
    waiters.growing(kept, content, headers);
    there.begin();
    return true;
  }

  private void failed(int status, @Nullable GatewayResponse response, @Nullable Throwable error) {
    note(FAILED);
    GatewayResponse handedOn = null;
    if (response != null && waiters.first() == null) {
      response.discard();
    } else if (response != null) {
      handedOn = passed(response, FAILED);
    }
    GatewayResponse own = handedOn;
    waiters.tell(
        (waiter, isFirst) -> {
          GatewayResponse given = isFirst ? own : null;
          return () -> waiter.failed(status, given, error);
        });
    if (own == null) {
      over(FAILED);
    }
  }

  /** The total limit has come while the content does. */
  private void aborted(GatewayFailure failure) {
    Arrival there = arrival;
    Waiter to = passedTo;
    if (there != null) {
      there.abort(failure);
    } else if (to != null) {
      to.aborted(failure);
    }
  }

  private void moved() {
    Waiters.on(
        inner.loop(),
        () -> {
          Arrival there = arrival;
          if (there != null) {
            there.askForMore();
          }
        });
  }

  // ---- told by what keeps it

  HttpHeaders request() {
    return inner.headers();
  }

  boolean isDoomed() {
    return doomed;
  }

  /** It is in the store. */
  void kept(Stored stored) {
    if (stored.isWhole()) {
      share(stored);
      cache.isShared(key);
    }
  }

  /** It is not: others need not wait for the next one. */
  void isForOne(int status) {
    if (!Storing.isOfRange(status)) {
      cache.isNotShared(key);
    }
  }

  /** Nothing more of it will come. */
  void arrived(String result) {
    arrival = null;
    waiters.noMore();
    note(result);
  }

  private void over(String result) {
    waiters.noMore();
    note(result);
    over();
  }

  void over() {
    if (ended) {
      return;
    }
    ended = true;
    arrival = null;
    if (validating != null) {
      validating.letGo();
    }
    if (beginning != null) {
      beginning.stored().letGo();
    }
    inner.ended();
  }

  /** Before anybody gets an answer: with it their part in the trace is over. */
  private void note(String result) {
    if (noted) {
      return;
    }
    noted = true;
    tools.meters().filled(cache.route(), result);
    inner
        .record()
        .step(
            new Step(
                Step.Kind.CALL,
                validating == null ? "cache fill" : "cache revalidate",
                startNanos,
                inner.now(),
                Map.of("headgate.cache.result", result)));
  }
}

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
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * One call of the service whose answer may be kept, and given to all who wait for it. It belongs to
 * none of them: it runs in an exchange of its own, on the event loop of whoever came first, and
 * goes on when they leave.
 */
final class Fill implements CoreSubscriber<GatewayResponse> {
  /** Answers for which a stored one may stand in (RFC 5861 section 4). */
  static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);

  private static final int NOT_MODIFIED = 304;
  private static final int SERVER_ERROR = 500;

  private final ResponseCache cache;
  private final CacheTools tools;
  private final CacheKey key;
  private final GatewayExchange inner;
  private final Next next;
  private final @Nullable SharedTier tier;
  private @Nullable Stored validating;
  private final boolean conditional;
  private final Runnable whenOver;
  private final long startNanos;
  private long askedMillis;

  // Guarded by this.
  private final List<Waiter> waiters = new ArrayList<>(2);
  private @Nullable Waiter first;
  private @Nullable Growing growing;
  private @Nullable Head head;
  private boolean over;

  private @Nullable Subscription call;
  private @Nullable Arriving arriving;
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
    this.whenOver = whenOver;
    this.startNanos = inner.now();
  }

  CacheKey key() {
    return key;
  }

  /** What it is asked for has changed meanwhile: its answer is not to be kept. */
  void doom() {
    doomed = true;
  }

  /** Waits for it, as the one whose request it is; before it runs. */
  synchronized void begin(Waiter initiator) {
    first = initiator;
    waiters.add(initiator);
  }

  /** Waits for it; false where it is over. */
  boolean join(Waiter waiter) {
    Body body;
    Head there;
    synchronized (this) {
      if (over) {
        return false;
      }
      Growing content = growing;
      there = head;
      if (content == null || there == null) {
        waiters.add(waiter);
        return true;
      }
      body = content.open(waiter.loop());
    }
    if (body == null) {
      return false;
    }
    waiter.growing(there, there.headers().copy(), body);
    return true;
  }

  /** Nobody but this one is to be told. True where it was the last of them. */
  synchronized boolean leave(Waiter waiter) {
    waiters.remove(waiter);
    if (first == waiter) {
      first = null;
    }
    return waiters.isEmpty() && growing == null;
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
      tier.find(key, inner.headers(), there -> on(inner.loop(), () -> elsewhere(there)));
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
    tell(
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
      owed = true;
      response.discard();
      Conditions.removeFrom(inner.headers());
      inner.anotherTry(false);
      ask();
    }
  }

  private void validated(Stored stored, HttpHeaders newer) {
    Renewed renewed = Renewed.of(cache, stored, newer, inner.headers(), askedMillis);
    Stored updated = stored.with(renewed.head());
    String result = doomed ? "doomed" : renewed.allowed() ? "updated" : "uncacheable";
    if (!doomed && renewed.allowed()) {
      tools.store().update(key, inner.headers(), updated);
      share(updated);
    } else {
      tools.store().purge(key, (same, one) -> one.isSame(stored), null);
    }
    note(result);
    tell(
        (waiter, isFirst) -> {
          updated.hold();
          return () -> waiter.validated(updated);
        });
    over(result);
  }

  private void keepOrPass(GatewayResponse response) {
    int status = response.status().code();
    Renewed kept = Renewed.of(cache, status, response.headers(), inner.headers(), askedMillis);
    if (conditional && status == NOT_MODIFIED) {
      pass(response, "uncacheable");
    } else if (!kept.allowed() || response.endless()) {
      if (status < SERVER_ERROR) {
        // What was kept of it before is no longer what the service says.
        tools.store().purge(key, (same, one) -> one.head().vary().matches(inner.headers()), null);
        cache.isNotShared(key);
      }
      pass(response, "uncacheable");
    } else if (response.body().length() > cache.config().maxEntry()) {
      cache.isNotShared(key);
      pass(response, "too-large");
    } else {
      grow(response, kept.head());
    }
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
    Waiter asking = first();
    if (asking == null) {
      response.discard();
    }
    tell(
        (waiter, isFirst) -> {
          GatewayResponse own = isFirst ? passed(response, why) : null;
          return () -> waiter.unshared(own);
        });
    if (asking == null) {
      over(why);
    }
  }

  private GatewayResponse passed(GatewayResponse response, String why) {
    passedTo = first();
    return new GatewayResponse(
        response.status(), response.headers(), new EndedBody(response.body(), () -> over(why)));
  }

  private synchronized @Nullable Waiter first() {
    return first;
  }

  private void grow(GatewayResponse response, Head kept) {
    Growing content =
        new Growing(tools.room(), cache.config().maxEntry(), response.body().length(), this::moved);
    if (!content.begin()) {
      pass(response, "no-room");
      return;
    }
    Arriving there = new Arriving(response.body(), content, kept);
    arriving = there;
    if (response.body().length() == 0) {
      there.keepOnce();
    }
    tell(kept, content, response.headers());
    response.body().subscribe(there);
  }

  private void tell(Head kept, Growing content, HttpHeaders whole) {
    List<Waiter> told;
    Waiter own;
    synchronized (this) {
      growing = content;
      head = kept;
      told = List.copyOf(waiters);
      own = first;
      waiters.clear();
    }
    for (Waiter waiter : told) {
      HttpHeaders headers = waiter == own ? whole : kept.headers().copy();
      // Now, and not when it hears of it: by then all of it may have come and gone.
      Body body = content.open(waiter.loop());
      if (body != null) {
        on(waiter.loop(), () -> waiter.growing(kept, headers, body));
      }
    }
  }

  private void failed(int status, @Nullable GatewayResponse response, @Nullable Throwable error) {
    note("failed");
    GatewayResponse handedOn = null;
    if (response != null && first() == null) {
      response.discard();
    } else if (response != null) {
      handedOn = passed(response, "failed");
    }
    GatewayResponse own = handedOn;
    tell(
        (waiter, isFirst) -> {
          GatewayResponse given = isFirst ? own : null;
          return () -> waiter.failed(status, given, error);
        });
    if (own == null) {
      over("failed");
    }
  }

  /** Tells all who wait, each on its own event loop; nobody waits after that. */
  private void tell(BiFunction<Waiter, Boolean, Runnable> what) {
    List<Waiter> told;
    Waiter own;
    synchronized (this) {
      over = true;
      told = List.copyOf(waiters);
      own = first;
      waiters.clear();
    }
    whenOver.run();
    for (Waiter waiter : told) {
      on(waiter.loop(), what.apply(waiter, waiter == own));
    }
  }

  private static void on(io.netty.channel.EventLoop loop, Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
    } else {
      try {
        loop.execute(action);
      } catch (RejectedExecutionException shutDown) {
        // The process ends, and its clients' connections with it.
      }
    }
  }

  /** The total limit has come while the content does. */
  private void aborted(GatewayFailure failure) {
    Arriving there = arriving;
    if (there != null) {
      there.cancel();
      there.onError(failure);
      return;
    }
    Waiter to = passedTo;
    if (to != null) {
      to.aborted(failure);
    }
  }

  private void moved() {
    on(
        inner.loop(),
        () -> {
          Arriving there = arriving;
          if (there != null) {
            there.askForMore();
          }
        });
  }

  /** Hears the content. */
  private final class Arriving implements Subscriber<ByteBuf> {
    private final Body source;
    private final Growing content;
    private final Head kept;
    private @Nullable Subscription subscription;
    private boolean asked;
    private boolean asking;
    private @Nullable String result;
    private @Nullable Stored stored;

    Arriving(Body source, Growing content, Head kept) {
      this.source = source;
      this.content = content;
      this.kept = kept;
    }

    @Override
    public void onSubscribe(Subscription told) {
      subscription = told;
      askForMore();
    }

    @Override
    public void onNext(ByteBuf buffer) {
      asked = false;
      if (arriving == this) {
        content.append(buffer, this::keepOnce);
        askForMore();
      } else {
        buffer.release();
      }
    }

    // A body that is here already answers from within the call: the flag makes a loop of that.
    void askForMore() {
      Subscription from = subscription;
      if (asking || from == null) {
        return;
      }
      asking = true;
      while (arriving == this && !asked && content.wantsMore()) {
        if (content.isUnwanted()) {
          from.cancel();
          over("too-large");
        } else {
          asked = true;
          from.request(1);
        }
      }
      asking = false;
    }

    void cancel() {
      if (subscription != null) {
        subscription.cancel();
      }
    }

    @Override
    public void onComplete() {
      if (arriving == this) {
        String result = keepOnce();
        arriving = null;
        overForWaiters();
        note(result);
        content.end(source.trailers());
        over(result);
      }
    }

    /** Who has read all of an answer finds it stored: so before its last byte is passed on. */
    String keepOnce() {
      String now = result;
      if (now == null) {
        now = keep();
        result = now;
      }
      return now;
    }

    private String keep() {
      ByteBuf whole = content.whole();
      if (whole == null) {
        cache.isNotShared(key);
        return content.lackedRoom() ? "no-room" : "too-large";
      }
      if (doomed) {
        whole.release();
        return "doomed";
      }
      HttpHeaders trailers = new DefaultHttpHeaders();
      trailers.set(source.trailers());
      Stored made = Stored.of(kept, whole, trailers);
      stored = made;
      tools.store().put(key, inner.headers(), made);
      // Said meanwhile, or between the question and the keeping.
      if (doomed) {
        drop();
        return "doomed";
      }
      share(made);
      cache.isShared(key);
      return "stored";
    }

    private void drop() {
      Stored made = stored;
      if (made != null) {
        tools.store().purge(key, (same, one) -> one.isSame(made), null);
      }
    }

    @Override
    public void onError(Throwable error) {
      if (arriving == this) {
        arriving = null;
        // As long as it was to be, and not whole all the same.
        drop();
        overForWaiters();
        note("failed");
        content.fail(error);
        over("failed");
      }
    }
  }

  private void overForWaiters() {
    synchronized (this) {
      over = true;
    }
    whenOver.run();
  }

  private void over(String result) {
    overForWaiters();
    if (ended) {
      return;
    }
    ended = true;
    arriving = null;
    note(result);
    if (validating != null) {
      validating.letGo();
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

package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * A request for which nothing that is stored will do, as long as the service can be asked: it waits
 * for a {@link Fill}, another's or its own, and gets its answer, or a stale one in its place.
 */
final class CachedRequest implements Subscription, Waiter {
  private static final int OK = 200;

  private final ResponseCache cache;
  private final CacheTools tools;
  private final GatewayExchange exchange;
  private final Next next;
  private final CacheKey key;
  private final RequestTerms terms;
  private final CacheStatus asked;
  private final CoreSubscriber<? super GatewayResponse> actual;
  private @Nullable Stored found;
  private @Nullable Fill fill;
  private @Nullable Future<?> timer;
  // By what answers are selected, once one came that was another's.
  private @Nullable List<String> selectedBy;
  private boolean own;
  private boolean alone;
  private boolean waiting;
  private boolean over;
  private boolean given;

  /**
   * @param asked why the service is to be asked
   * @param found what is stored, and held from here on; null for nothing
   */
  CachedRequest(
      ResponseCache cache,
      GatewayExchange exchange,
      Next next,
      CacheKey key,
      RequestTerms terms,
      CacheStatus asked,
      @Nullable Stored found,
      CoreSubscriber<? super GatewayResponse> actual) {
    this.cache = cache;
    this.tools = cache.tools();
    this.exchange = exchange;
    this.next = next;
    this.key = key;
    this.terms = terms;
    this.asked = asked;
    this.found = found;
    this.actual = actual;
  }

  @Override
  public EventLoop loop() {
    return exchange.loop();
  }

  // ---- asking

  /** Asks together with all who want the same. */
  void together() {
    limit();
    Fills.Wanted wanted =
        selectedBy == null
            ? cache.wanted(key, exchange.headers())
            : new Fills.Wanted(key, Vary.of(selectedBy, exchange.headers()));
    while (!over) {
      Fill[] made = new Fill[1];
      Fill there =
          tools.fills().running(wanted, same -> made[0] = cache.fill(same, exchange, next, found));
      if (there == made[0]) {
        run(there);
        return;
      }
      fill = there;
      waits();
      if (there.waiters().join(this)) {
        return;
      }
      waitsNoMore();
      tools.fills().over(wanted, there);
      // It was over just now: what it brought may be stored.
      if (servedByNow()) {
        return;
      }
    }
  }

  /**
   * Asks for itself.
   *
   * @param conditional whether with the client's own conditions
   */
  void alone(boolean conditional) {
    limit();
    alone = true;
    run(cache.fillAlone(key, exchange, next, conditional ? null : found, conditional));
  }

  /** Asks with those who want the same variant, now that it is known what tells them apart. */
  private void another(Vary others) {
    if (selectedBy == null && !own) {
      selectedBy = others.names();
      together();
    } else {
      alone(false);
    }
  }

  private void run(Fill mine) {
    own = true;
    fill = mine;
    mine.waiters().begin(this);
    mine.run(
        (status, headers) -> {
          if (!over && !given) {
            exchange.interim().send(status, headers);
          }
        });
  }

  private boolean servedByNow() {
    Stored now = cache.held(key, exchange.headers());
    if (now == null) {
      return false;
    }
    release();
    found = now;
    long millis = tools.clock().millis();
    if (Verdict.of(now, terms, millis) != Verdict.FRESH) {
      return false;
    }
    serve(now, CacheStatus.hit(now.useAt(millis).ttl(), null));
    return true;
  }

  private void limit() {
    long left = exchange.deadline().remainingNanos(exchange.now());
    if (left != Long.MAX_VALUE && timer == null) {
      timer = exchange.loop().schedule(this::expired, left, TimeUnit.NANOSECONDS);
      exchange.onEnd(this::stopTimer);
    }
  }

  private void stopTimer() {
    Future<?> pending = timer;
    timer = null;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  private void expired() {
    GatewayFailure failure = GatewayFailure.of(FailureReason.DEADLINE_EXCEEDED);
    if (given) {
      exchange.abort(failure);
    } else if (!over) {
      leave();
      own = true;
      failed(0, null, failure);
    }
  }

  private void waits() {
    if (!waiting) {
      waiting = true;
      tools.meters().waits();
    }
  }

  private void waitsNoMore() {
    if (waiting) {
      waiting = false;
      tools.meters().waitsNoMore();
    }
  }

  // ---- being told

  @Override
  public void growing(Head head, HttpHeaders headers, Body body) {
    waitsNoMore();
    if (over) {
      body.discard();
      return;
    }
    if (!own && !head.vary().matches(exchange.headers())) {
      body.discard();
      another(head.vary());
      return;
    }
    CacheStatus status = told(head.status()).kept();
    if (head.status() == OK && Conditions.notModified(exchange.headers(), head)) {
      body.discard();
      give(Answers.notModified(headers), status);
    } else {
      give(new GatewayResponse(HttpResponseStatus.valueOf(head.status()), headers, body), status);
    }
  }

  /** Where nothing was stored here, another node had what was confirmed. */
  private CacheStatus confirmed() {
    int status = HttpResponseStatus.NOT_MODIFIED.code();
    if (asked.forward() == CacheStatus.Forward.REQUEST) {
      return told(status);
    }
    CacheStatus stale = CacheStatus.forwarded(CacheStatus.Forward.STALE).answered(status);
    return own ? stale : stale.asCollapsed();
  }

  private CacheStatus told(int status) {
    CacheStatus answered = asked.answered(status);
    return own ? answered : answered.asCollapsed();
  }

  @Override
  public void validated(Stored stored) {
    waitsNoMore();
    if (over) {
      stored.letGo();
      return;
    }
    boolean does = stored.head().vary().matches(exchange.headers());
    if (does && stored.answers(exchange.headers())) {
      serve(stored, confirmed());
    } else if (does) {
      // Its tag is a weak one by now, to which the range was not tied.
      release();
      alone(true);
    } else {
      another(stored.head().vary());
    }
    stored.letGo();
  }

  @Override
  public void found(Stored stored) {
    waitsNoMore();
    long now = tools.clock().millis();
    boolean does =
        stored.head().vary().matches(exchange.headers())
            && Verdict.of(stored, terms, now) == Verdict.FRESH;
    if (!over && does) {
      serve(stored, CacheStatus.hit(stored.useAt(now).ttl(), "shared"));
    }
    if (!over && !does) {
      if (stored.head().vary().matches(exchange.headers())) {
        alone(false);
      } else {
        another(stored.head().vary());
      }
    }
    stored.letGo();
  }

  @Override
  public void unshared(@Nullable GatewayResponse answer) {
    waitsNoMore();
    if (answer == null) {
      if (!over) {
        alone(false);
      }
    } else if (over) {
      answer.discard();
    } else {
      if (answer.endless()) {
        stopTimer();
      }
      give(answer, told(answer.status().code()));
    }
  }

  @Override
  public void failed(int status, @Nullable GatewayResponse answer, @Nullable Throwable error) {
    waitsNoMore();
    if (over) {
      drop(answer);
      return;
    }
    if (found == null) {
      // Another node may have had one.
      found = cache.held(key, exchange.headers());
    }
    Stored stale = found;
    long now = tools.clock().millis();
    if (stale != null && Verdict.servesOnError(stale, terms, now)) {
      drop(answer);
      serveStale(stale, status, error, now);
    } else if (answer != null) {
      give(answer, told(status));
    } else if (own) {
      fail(error == null ? GatewayFailure.of(FailureReason.INTERNAL_ERROR) : error);
    } else {
      alone(false);
    }
  }

  private static void drop(@Nullable GatewayResponse answer) {
    if (answer != null) {
      answer.discard();
    }
  }

  private void serveStale(Stored stale, int status, @Nullable Throwable error, long now) {
    FailureReason reason = error == null ? null : GatewayFailure.from(error).reason();
    if (reason != null) {
      exchange.record().flag(reason);
    }
    tools
        .decisions()
        .made(
            exchange,
            Decision.STALE_SERVED,
            reason == null ? Integer.toString(status) : reason.name());
    CacheStatus answered = status == 0 ? asked : asked.answered(status);
    serve(stale, answered.onError(stale.useAt(now).ttl(), reason));
  }

  @Override
  public void aborted(GatewayFailure failure) {
    exchange.abort(failure);
  }

  // ---- the answer

  private void serve(Stored stored, CacheStatus status) {
    long age = stored.useAt(tools.clock().millis()).age();
    give(Answers.of(stored, exchange.headers(), false, age), status);
  }

  private void give(GatewayResponse answer, CacheStatus status) {
    over = true;
    given = true;
    release();
    cache.told(exchange, status);
    actual.onNext(answer);
    actual.onComplete();
  }

  private void fail(Throwable error) {
    over = true;
    release();
    cache.told(exchange, asked);
    actual.onError(error);
  }

  private void release() {
    Stored held = found;
    found = null;
    if (held != null) {
      held.letGo();
    }
  }

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    leave();
    release();
  }

  private void leave() {
    waitsNoMore();
    Fill left = fill;
    if (left != null && left.waiters().leave(this) && alone) {
      left.cancel();
    }
  }
}

package dev.headgate.policy.retry;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Try;
import dev.headgate.policy.Next;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * The tries of one request: one after the other, and perhaps a hedge beside the first. It hears the
 * former itself, so that a request that is answered at once costs nothing more; the hedge has a
 * {@link HedgedTry}.
 *
 * <p>There is one timer: until a hedge is due, then for the backoff. Whatever comes last decides:
 * while another try runs, an answer or a failure that is worth a retry only waits for it.
 */
final class Tries implements CoreSubscriber<GatewayResponse>, Subscription {
  private static final int SERVER_ERROR = 500;
  private static final String RETRY = "retry";
  private static final String HEDGE = "hedge";
  private static final String EXTRA_LOAD = "extra-load";

  private final GatewayExchange exchange;
  private final Next next;
  private final Retry retry;
  private final CoreSubscriber<? super GatewayResponse> actual;
  private Try one;
  private @Nullable Subscription running;
  private @Nullable HedgedTry hedge;
  private @Nullable Future<?> timer;
  private @Nullable KeptAnswer last;
  private String cause = "";
  private int tries;
  private long begunNanos;
  // By the service's own word (Retry-After); meaningless before it has spoken.
  private boolean asksForPause;
  private long notBeforeNanos;
  private boolean ended;
  private boolean over;

  Tries(
      GatewayExchange exchange,
      Next next,
      Retry retry,
      CoreSubscriber<? super GatewayResponse> actual) {
    this.exchange = exchange;
    this.next = next;
    this.retry = retry;
    this.actual = actual;
    this.one = exchange.currentTry();
  }

  void begin() {
    if (over) {
      return;
    }
    Hedge hedging = retry.hedge();
    if (hedging != null && RetryRules.mayHedge(exchange)) {
      begunNanos = exchange.now();
      hedging.share().deposit();
      long after = hedging.afterNanos(begunNanos);
      if (after >= 0) {
        timer = exchange.loop().schedule(this::hedge, after, TimeUnit.NANOSECONDS);
      }
    }
    call();
  }

  private void call() {
    tries++;
    ended = false;
    running = null;
    ask().subscribe(this);
  }

  // A policy that throws: nobody is above a later try to hear of it but the event loop.
  private Mono<GatewayResponse> ask() {
    try {
      return next.run(exchange);
    } catch (RuntimeException e) {
      return Mono.error(e);
    }
  }

  private void again() {
    timer = null;
    if (over) {
      return;
    }
    if (last != null) {
      last.settle();
    }
    one = exchange.anotherTry(false);
    retry.tools().decisions().made(exchange, Decision.RETRY, cause);
    call();
  }

  private void hedge() {
    timer = null;
    Hedge hedging = retry.hedge();
    if (over || ended || hedging == null) {
      return;
    }
    long now = exchange.now();
    if (!hedging.share().withdraw(now)) {
      retry.tools().decisions().made(exchange, Decision.RETRY_BUDGET_SPENT, EXTRA_LOAD);
    } else if (!retry.budget().withdraw(now)) {
      hedging.share().giveBack();
      retry.tools().decisions().made(exchange, Decision.RETRY_BUDGET_SPENT, HEDGE);
    } else {
      tries++;
      HedgedTry second = new HedgedTry(this, exchange.anotherTry(true));
      hedge = second;
      retry.tools().decisions().made(exchange, Decision.HEDGE, "");
      ask().subscribe(second);
    }
  }

  @Override
  public Context currentContext() {
    return actual.currentContext();
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    if (over) {
      subscription.cancel();
    } else {
      running = subscription;
      subscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(GatewayResponse response) {
    ended = true;
    answered(one, response);
  }

  @Override
  public void onError(Throwable error) {
    ended = true;
    failed(error);
  }

  @Override
  public void onComplete() {
    if (!ended && !over) {
      // A policy behind this one gave nothing: whoever runs the chain tells that defect.
      settleAll();
      actual.onComplete();
    }
  }

  /** A try has an answer. */
  void answered(Try from, GatewayResponse response) {
    int status = response.status().code();
    if (over) {
      response.discard();
    } else if (!retry.config().on().answered(status) || RetryRules.isMeant(response.headers())) {
      tellLatency(from);
      pass(from, response);
    } else {
      keep(from, response);
      if (!stillOneRunning()
          && !(RetryRules.afterStatus(retry.config().on(), exchange, status)
              && another(Integer.toString(status)))) {
        passLast(null);
      }
    }
  }

  /** A try has failed. */
  void failed(Throwable error) {
    if (over || stillOneRunning()) {
      return;
    }
    GatewayFailure failure = error instanceof GatewayFailure known ? known : null;
    if (failure == null
        || !RetryRules.afterFailure(retry.config().on(), exchange, failure.reason())
        || !another(failure.reason().name())) {
      passLast(error);
    }
  }

  private boolean stillOneRunning() {
    return !ended || (hedge != null && !hedge.ended());
  }

  private void keep(Try from, GatewayResponse response) {
    if (last != null) {
      last.discard();
    }
    last = new KeptAnswer(from, response);
    long pause = RetryAfter.nanos(response.headers(), retry.tools().clock());
    if (pause > 0) {
      long then = exchange.now() + pause;
      notBeforeNanos = asksForPause ? Math.max(notBeforeNanos, then) : then;
      asksForPause = true;
    }
  }

  /** Schedules the next try, unless there have been enough, or it would come too late. */
  private boolean another(String after) {
    if (tries >= retry.config().maxAttempts()) {
      return false;
    }
    long now = exchange.now();
    long left = exchange.deadline().remainingNanos(now);
    long wait = retry.config().backoff().nanos(tries, retry.tools().random().getAsDouble());
    if (asksForPause && notBeforeNanos - now > wait) {
      wait = notBeforeNanos - now;
      // Without a deadline nobody is kept waiting in silence for longer than while a body stalls.
      if (wait >= Math.min(left, exchange.idle().toNanos())) {
        retry.tools().decisions().made(exchange, Decision.RETRY_AFTER_TOO_LONG, after);
        return false;
      }
    }
    if (wait >= left) {
      return false;
    }
    if (!retry.budget().withdraw(now)) {
      retry.tools().decisions().made(exchange, Decision.RETRY_BUDGET_SPENT, RETRY);
      return false;
    }
    cause = after;
    stopTimer();
    if (last != null) {
      last.collect();
    }
    timer = exchange.loop().schedule(this::again, wait, TimeUnit.NANOSECONDS);
    return true;
  }

  private void passLast(@Nullable Throwable error) {
    KeptAnswer before = last;
    boolean yields =
        error == null || RetryRules.yieldsToAnswer(GatewayFailure.from(error).reason());
    GatewayResponse real = before != null && yields ? before.take() : null;
    if (before != null && real != null) {
      pass(before.one(), real);
    } else {
      settleAll();
      actual.onError(
          error == null ? new IllegalStateException("an answer was given up too early") : error);
    }
  }

  private void pass(Try from, GatewayResponse response) {
    settleAll();
    exchange.record().servedBy(from);
    if (from.hedge()) {
      retry.tools().decisions().made(exchange, Decision.HEDGE_WON, "");
    }
    // What failed may still be asked of another upstream, which is not for us to decide.
    if (response.status().code() < SERVER_ERROR) {
      closeBody();
    }
    actual.onNext(response);
    actual.onComplete();
  }

  // Of first tries alone: those that answered, and those that were overtaken.
  private void tellLatency(Try from) {
    Hedge hedging = retry.hedge();
    boolean first = tries == (hedge == null ? 1 : 2) && (from == one || !ended);
    if (hedging != null && first && RetryRules.mayHedge(exchange)) {
      long now = exchange.now();
      hedging.took(now - begunNanos, now);
    }
  }

  /** Nothing more is to come: what runs is cancelled, what is kept let go. */
  private void settleAll() {
    over = true;
    stopTimer();
    if (!ended && running != null) {
      running.cancel();
    }
    if (hedge != null) {
      hedge.cancel();
    }
    if (last != null) {
      last.discard();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public void request(long n) {}

  @Override
  public void cancel() {
    if (!over) {
      settleAll();
      closeBody();
    }
  }

  private void closeBody() {
    if (exchange.body() instanceof ReplayBody replayed) {
      replayed.close();
    }
  }
}

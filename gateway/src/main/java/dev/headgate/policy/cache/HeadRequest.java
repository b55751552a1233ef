package dev.headgate.policy.cache;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A HEAD that the service is asked for. Its answer is not kept, and says whether what is stored for
 * GET is still the one there is (RFC 9111 section 4.3.5).
 */
record HeadRequest(
    ResponseCache cache,
    GatewayExchange exchange,
    CacheKey key,
    RequestTerms terms,
    CacheStatus asked) {
  private static final int NOT_MODIFIED = 304;
  private static final int SERVER_ERROR = 500;

  Mono<GatewayResponse> ask(Next next) {
    cache.told(exchange, asked);
    long askedMillis = cache.tools().clock().millis();
    return next.run(exchange)
        .map(response -> answered(response, askedMillis))
        .onErrorResume(this::instead);
  }

  private GatewayResponse answered(GatewayResponse response, long askedMillis) {
    int status = response.status().code();
    CacheStatus told = asked.answered(status);
    if (Fill.FAILURES.contains(status)) {
      GatewayResponse stale = stale(told, Integer.toString(status), null);
      if (stale != null) {
        response.discard();
        return stale;
      }
    }
    exchange.record().cached(told.record());
    if (status != NOT_MODIFIED && status < SERVER_ERROR) {
      compare(status, response.headers(), askedMillis);
    }
    return response;
  }

  private void compare(int status, HttpHeaders told, long askedMillis) {
    CacheTools tools = cache.tools();
    Stored stored = cache.held(key, exchange.headers());
    if (stored == null) {
      return;
    }
    if (stored.head().status() == status && Updating.agrees(told, stored)) {
      Renewed renewed = Renewed.of(cache, stored, told, exchange.headers(), askedMillis);
      if (renewed.allowed()) {
        tools.store().renew(key, stored.with(renewed.head()));
      }
    } else {
      long now = tools.clock().millis();
      tools.store().purge(key, (same, one) -> one.isSame(stored), now);
    }
    stored.letGo();
  }

  private Mono<GatewayResponse> instead(Throwable error) {
    FailureReason reason = GatewayFailure.from(error).reason();
    GatewayResponse stale = stale(asked, reason.name(), reason);
    if (stale == null) {
      return Mono.error(error);
    }
    exchange.record().flag(reason);
    return Mono.just(stale);
  }

  private @Nullable GatewayResponse stale(
      CacheStatus told, String why, @Nullable FailureReason reason) {
    Stored stored = cache.held(key, exchange.headers());
    long now = cache.tools().clock().millis();
    if (stored == null) {
      return null;
    }
    GatewayResponse answer = null;
    if (Verdict.servesOnError(stored, terms, now)) {
      Stored.Use use = stored.useAt(now);
      exchange.record().cached(told.onError(use.ttl(), reason).record());
      cache.tools().decisions().made(exchange, Decision.STALE_SERVED, why);
      answer = Answers.of(stored, exchange.headers(), true, use.age());
    }
    stored.letGo();
    return answer;
  }
}

package dev.headgate.policy.cache;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.SteppedBody;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a POST that is what a GET of its URL gets from then on: it names that URL as its
 * own, and says for how long (RFC 9110 section 9.3.3). It is kept as it passes, by this node alone:
 * the others are told that what they have of the URL has changed.
 */
final class Posted implements SteppedBody.Step, Fills.Running {
  private static final int OK = 200;

  private final ResponseCache cache;
  private final CacheKey key;
  private final HttpHeaders request;
  private final GatewayResponse response;
  private final Head kept;
  private final Growing content;
  private boolean over;
  private volatile boolean doomed;

  private Posted(
      ResponseCache cache,
      CacheKey key,
      HttpHeaders request,
      GatewayResponse response,
      Head kept,
      Growing content) {
    this.cache = cache;
    this.key = key;
    this.request = request;
    this.response = response;
    this.kept = kept;
    this.content = content;
  }

  /** The answer to give, which is stored when all of it has passed; null where it is not to be. */
  static @Nullable GatewayResponse storedAsItPasses(
      ResponseCache cache, GatewayExchange exchange, GatewayResponse response, long askedMillis) {
    HttpHeaders headers = response.headers();
    OwnUrl told = OwnUrl.of(exchange.request(), headers.get(HttpHeaderNames.CONTENT_LOCATION));
    int most = cache.config().maxEntry();
    if (response.status().code() != OK
        || told == null
        || !told.isOf(exchange.request())
        || !saysHowLong(headers)
        || response.endless()
        || response.body().length() > most) {
      return null;
    }
    Renewed kept = Renewed.of(cache, OK, headers, exchange.headers(), askedMillis);
    Growing content = new Growing(cache.tools().room(), most, response.body().length(), () -> {});
    if (!kept.allowed() || kept.head().freshness().lifetime() == 0) {
      return null;
    }
    CacheKey key = cache.key(exchange);
    Posted posted = new Posted(cache, key, exchange.headers(), response, kept.head(), content);
    return new GatewayResponse(
        response.status(),
        headers,
        new SteppedBody(response.body(), response.body().length(), exchange.loop(), posted::begin));
  }

  private static boolean saysHowLong(HttpHeaders headers) {
    Directives targeted = Targeted.of(headers);
    return Freshness.isExplicit(
        headers, targeted == null ? Directives.of(headers) : targeted, targeted != null);
  }

  // From here on what is said to have changed has changed since.
  private Posted begin() {
    cache.tools().fills().began(this);
    // Without room nothing is kept of what comes.
    content.begin();
    return this;
  }

  @Override
  public CacheKey key() {
    return key;
  }

  @Override
  public void doom() {
    doomed = true;
  }

  @Override
  public ByteBuf next(ByteBuf buffer) {
    // Who has read all of it finds it stored.
    content.append(buffer.retainedDuplicate(), this::store);
    return buffer;
  }

  @Override
  public @Nullable ByteBuf last() {
    store();
    return null;
  }

  private void store() {
    ByteBuf all = over ? null : content.whole();
    over = true;
    if (all == null) {
      return;
    }
    if (doomed) {
      all.release();
      return;
    }
    HttpHeaders trailers = new DefaultHttpHeaders();
    trailers.set(response.body().trailers());
    Stored stored = Stored.of(kept, all, trailers);
    CacheStore store = cache.tools().store();
    if (store.put(key, request, stored) && doomed) {
      store.purge(key, (same, one) -> one.isSame(stored), null);
    }
  }

  @Override
  public void close() {
    cache.tools().fills().over(this);
    content.end(EmptyHttpHeaders.INSTANCE);
  }
}

package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.CacheStatus.forwarded;

import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import dev.headgate.policy.cache.CacheStatus.Forward;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * The cache in front of one route's service. What is stored is used by {@link Verdict}; where that
 * does not do, the request becomes a {@link CachedRequest}.
 */
final class ResponseCache implements Policy.Around, Policy.Hook {
  static final String STATUS_FIELD = "cache-status";

  private static final int MOST_TAGS = 64;

  private final CacheConfig config;
  private final Space space;
  private final CacheTools tools;
  private final FillLimit limit;
  private final CacheMeters.Counting counting;
  private final Invalidation invalidation;

  /**
   * @param limit of a call that belongs to no client
   */
  ResponseCache(CacheConfig config, Space space, CacheTools tools, FillLimit limit) {
    this.config = config;
    this.space = space;
    this.tools = tools;
    this.limit = limit;
    this.counting = tools.meters().counting(space.route());
    this.invalidation = new Invalidation(tools);
  }

  CacheConfig config() {
    return config;
  }

  CacheTools tools() {
    return tools;
  }

  String route() {
    return space.route();
  }

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    if (exchange.upgrade() != null) {
      told(exchange, forwarded(Forward.BYPASS));
      return next.run(exchange);
    }
    HttpMethod method = exchange.request().method();
    boolean head = method.equals(HttpMethod.HEAD);
    if (!head && !method.equals(HttpMethod.GET)) {
      return changing(exchange, next, method.equals(HttpMethod.POST));
    }
    if (exchange.body().length() != 0) {
      return past(exchange, next, forwarded(Forward.BYPASS));
    }
    RequestTerms terms = RequestTerms.of(exchange.headers());
    if (terms.noStore() && !terms.onlyIfCached()) {
      return past(exchange, next, forwarded(Forward.REQUEST));
    }
    if (Conditions.forService(exchange.headers()) && !terms.onlyIfCached()) {
      return past(exchange, next, forwarded(Forward.BYPASS));
    }
    CacheKey key = key(exchange);
    Stored found = held(key, exchange.headers());
    if (found == null && !head && exchange.headers().contains(HttpHeaderNames.RANGE)) {
      found = heldPart(key, exchange.headers());
    }
    try {
      return decide(exchange, next, key, terms, found, head);
    } finally {
      if (found != null) {
        found.letGo();
      }
    }
  }

  CacheKey key(GatewayExchange exchange) {
    return CacheKey.of(space, config.varyBy(), exchange);
  }

  private Mono<GatewayResponse> changing(GatewayExchange exchange, Next next, boolean post) {
    CacheStatus status = forwarded(Forward.METHOD);
    told(exchange, status);
    Mono<GatewayResponse> answer = invalidation.apply(exchange, next);
    if (!post || RequestTerms.of(exchange.headers()).noStore()) {
      return answer;
    }
    long askedMillis = tools.clock().millis();
    return answer.map(
        response -> {
          GatewayResponse kept = Posted.storedAsItPasses(this, exchange, response, askedMillis);
          if (kept == null) {
            return response;
          }
          exchange.record().cached(status.kept().record());
          return kept;
        });
  }

  /** The service is asked, and nothing is kept of it. */
  private Mono<GatewayResponse> past(GatewayExchange exchange, Next next, CacheStatus status) {
    told(exchange, status);
    return next.run(exchange)
        .doOnNext(
            response ->
                exchange.record().cached(status.answered(response.status().code()).record()));
  }

  private Mono<GatewayResponse> decide(
      GatewayExchange exchange,
      Next next,
      CacheKey key,
      RequestTerms terms,
      @Nullable Stored found,
      boolean head) {
    long now = tools.clock().millis();
    Verdict verdict = Verdict.of(found, terms, now);
    return switch (verdict) {
      case FRESH -> stored(exchange, found, now, head, null);
      case STALE_FOR_CLIENT -> stored(exchange, found, now, head, "max-stale");
      case STALE_MEANWHILE -> {
        if (found != null && !found.isWhole()) {
          // What would be fetched meanwhile is the whole of it.
          yield ask(exchange, next, key, terms, forwarded(Forward.STALE), found, false);
        }
        if (!head) {
          // What answers a HEAD has no content to be kept: the next GET refreshes it.
          refresh(exchange, next, key, found);
        }
        yield stored(exchange, found, now, head, "stale-while-revalidate");
      }
      case NOT_CACHED -> {
        told(exchange, CacheStatus.notCached());
        yield Mono.error(GatewayFailure.of(FailureReason.NOT_CACHED));
      }
      case MISSING ->
          ask(exchange, next, key, terms, forwarded(missing(key, exchange)), null, head);
      case REFUSED_BY_CLIENT ->
          ask(exchange, next, key, terms, forwarded(Forward.REQUEST), found, head);
      case STALE -> ask(exchange, next, key, terms, forwarded(Forward.STALE), found, head);
    };
  }

  private Forward missing(CacheKey key, GatewayExchange exchange) {
    if (tools.store().findPart(key, exchange.headers()) != null) {
      return Forward.PARTIAL;
    }
    return tools.store().varyNames(key) == null ? Forward.URI_MISS : Forward.VARY_MISS;
  }

  private Mono<GatewayResponse> stored(
      GatewayExchange exchange,
      @Nullable Stored found,
      long now,
      boolean head,
      @Nullable String detail) {
    if (found == null) {
      throw new IllegalStateException("nothing is stored");
    }
    Stored.Use use = found.useAt(now);
    told(exchange, CacheStatus.hit(use.ttl(), detail));
    return Mono.just(Answers.of(found, exchange.headers(), head, use.age()));
  }

  private Mono<GatewayResponse> ask(
      GatewayExchange exchange,
      Next next,
      CacheKey key,
      RequestTerms terms,
      CacheStatus status,
      @Nullable Stored found,
      boolean head) {
    if (head) {
      return new HeadRequest(this, exchange, key, terms, status).ask(next);
    }
    Stored held = found != null && found.hold() ? found : null;
    // A range is for this client's service to cut: what is here has not got it.
    boolean conditional =
        held == null
            && (Conditions.in(exchange.headers())
                || exchange.headers().contains(HttpHeaderNames.RANGE));
    boolean together =
        !conditional
            && (held == null || held.isWhole())
            && !terms.noCache()
            && terms.maxAge() < 0
            && tools.fills().isShared(key);
    return new Asked(
        actual -> new CachedRequest(this, exchange, next, key, terms, status, held, actual),
        together,
        conditional);
  }

  /** Subscribed to once, by whoever runs the chain. */
  private static final class Asked extends Mono<GatewayResponse> {
    private final Making making;
    private final boolean together;
    private final boolean conditional;

    /** Makes the request's part, for who is to get the answer. */
    interface Making {
      CachedRequest request(CoreSubscriber<? super GatewayResponse> actual);
    }

    Asked(Making making, boolean together, boolean conditional) {
      this.making = making;
      this.together = together;
      this.conditional = conditional;
    }

    @Override
    public void subscribe(CoreSubscriber<? super GatewayResponse> actual) {
      CachedRequest request = making.request(actual);
      actual.onSubscribe(request);
      if (together) {
        request.together();
      } else {
        request.alone(conditional);
      }
    }
  }

  /** What is stored for a request, whole, held for it; null where there is nothing. */
  @Nullable Stored held(CacheKey key, HttpHeaders request) {
    return heldAgain(tools.store().find(key, request));
  }

  /** A part that has the range which this request is for. */
  private @Nullable Stored heldPart(CacheKey key, HttpHeaders request) {
    Stored part = tools.store().findPart(key, request);
    return part != null && part.answers(request) ? heldAgain(part) : null;
  }

  /** The beginning of what is asked for as a whole, held; null where the whole is to be had. */
  @Nullable Prefix beginning(CacheKey key, HttpHeaders request) {
    Prefix there = Prefix.of(tools.store().findPart(key, request), config.maxEntry());
    return there != null && there.stored().hold() ? there : null;
  }

  Fills.Wanted wanted(CacheKey key, HttpHeaders request) {
    List<String> names = tools.store().varyNames(key);
    return new Fills.Wanted(key, names == null ? Vary.NOTHING : Vary.of(names, request));
  }

  /** A call for all who want the same, asked for by one of them. */
  Fill fill(Fills.Wanted wanted, GatewayExchange of, Next next, @Nullable Stored validating) {
    return shared(wanted, limited(of.apart(of.record())), next, validating);
  }

  private Fill shared(
      Fills.Wanted wanted, GatewayExchange inner, Next next, @Nullable Stored validating) {
    Fill[] made = new Fill[1];
    made[0] =
        new Fill(
            this,
            wanted.key(),
            inner,
            next,
            heldAgain(validating),
            false,
            tools.tier(),
            () -> tools.fills().over(wanted, made[0]));
    return made[0];
  }

  /** A call for one alone. */
  Fill fillAlone(
      CacheKey key,
      GatewayExchange of,
      Next next,
      @Nullable Stored validating,
      boolean conditional) {
    GatewayExchange inner = of.apart(of.record());
    Fills fills = tools.fills();
    Fill[] made = new Fill[1];
    made[0] =
        new Fill(
            this,
            key,
            inner,
            next,
            heldAgain(validating),
            conditional,
            null,
            () -> fills.over(made[0]));
    fills.began(made[0]);
    return made[0];
  }

  private static @Nullable Stored heldAgain(@Nullable Stored stored) {
    return stored != null && stored.hold() ? stored : null;
  }

  // It belongs to no client: what is left of the first one's time says nothing of the others'.
  private GatewayExchange limited(GatewayExchange inner) {
    inner.deadline(limit.from(inner.now()));
    return inner;
  }

  private void refresh(GatewayExchange exchange, Next next, CacheKey key, @Nullable Stored found) {
    Fills.Wanted wanted = wanted(key, exchange.headers());
    if (tools.fills().isRunning(wanted)) {
      return;
    }
    ExchangeRecord own = exchange.record().ofBackground(exchange.now());
    GatewayExchange inner = limited(exchange.apart(own));
    Fill[] made = new Fill[1];
    Fill there = tools.fills().running(wanted, same -> made[0] = shared(same, inner, next, found));
    if (there == made[0]) {
      inner.onEnd(() -> tools.reports().over(inner));
      // The client first.
      exchange.loop().execute(() -> there.run((status, headers) -> {}));
    }
  }

  /** The last answer was for one alone: others are not to wait for the next. */
  void isNotShared(CacheKey key) {
    tools.fills().shared(key, false);
  }

  void isShared(CacheKey key) {
    tools.fills().shared(key, true);
  }

  /** The words of the field that names tags. */
  Set<String> tags(HttpHeaders response) {
    if (config.tagsFrom() == null) {
      return Set.of();
    }
    Set<String> tags = new LinkedHashSet<>();
    for (String line : response.getAll(config.tagsFrom())) {
      for (String tag : line.split("[,\\s]+", -1)) {
        if (!tag.isEmpty() && tags.size() < MOST_TAGS) {
          tags.add(tag);
        }
      }
    }
    return tags;
  }

  /** Says what became of a request. */
  void told(GatewayExchange exchange, CacheStatus status) {
    exchange.record().cached(status.record());
    counting.answered(status.result());
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    ExchangeRecord.Cached cached = exchange.record().cached();
    if (cached != null) {
      response.headers().add(STATUS_FIELD, cached.status());
    }
    invalidation.onResponse(exchange, response);
  }
}

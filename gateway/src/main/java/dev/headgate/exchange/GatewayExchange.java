package dev.headgate.exchange;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the gateway. It lives on one event loop and is touched by no other
 * thread: every signal of the chain re-enters that loop.
 */
public final class GatewayExchange {
  private final EventLoop loop;
  private final GatewayRequest request;
  private final HttpHeaders headers;
  private final ExchangeRecord record;
  private String upstreamPath;
  private @Nullable String upstreamQuery;
  private int versionPrefix;
  private Body body;
  private Deadline deadline = Deadline.NONE;
  private Duration idle = Duration.ofSeconds(60);
  private Interim interim = Interim.IGNORED;
  private String requestId = "";
  private @Nullable Trace trace;
  private @Nullable String upgrade;
  private @Nullable Consumer<GatewayFailure> onAbort;
  private @Nullable Runnable onEnd;
  private @Nullable IdentityHashMap<AttributeKey<?>, Object> attributes;
  private @Nullable BooleanSupplier repeatable;
  private final TryLine tries;

  /** The tries of a request, whoever makes them. */
  private static final class TryLine {
    private Try current = new Try(1, false);
    private List<Try> earlier = List.of();
  }

  /**
   * @param headers the request's own, from here on the exchange's: policies change them in place
   * @param body owned by the exchange until the upstream call takes it
   * @param record what is kept of it; the route that matched is already there
   * @param upstreamPath the path to ask the service for, before its base path
   */
  public GatewayExchange(
      EventLoop loop,
      GatewayRequest request,
      HttpHeaders headers,
      Body body,
      ExchangeRecord record,
      String upstreamPath) {
    this.loop = loop;
    this.request = request;
    this.headers = headers;
    this.body = body;
    this.upstreamPath = upstreamPath;
    this.upstreamQuery = request.query();
    this.record = record;
    this.tries = new TryLine();
  }

  private GatewayExchange(
      GatewayExchange of, HttpHeaders headers, Body body, ExchangeRecord record, TryLine tries) {
    this.loop = of.loop;
    this.request = of.request;
    this.headers = headers;
    this.body = body;
    this.upstreamPath = of.upstreamPath;
    this.upstreamQuery = of.upstreamQuery;
    this.versionPrefix = of.versionPrefix;
    this.record = record;
    this.deadline = of.deadline;
    this.idle = of.idle;
    this.interim = of.interim;
    this.requestId = of.requestId;
    this.trace = of.trace;
    this.tries = tries;
  }

  /**
   * The rest of the chain's part of this exchange, with an end of its own: it may go on when this
   * one is over, because its client has gone. It writes to the same record, of which nothing is
   * told any more then, and counts the same tries. Whoever makes it says {@link #ended()} of it,
   * and what becomes of an {@link #abort}.
   *
   * @param own its body, which it owns
   */
  public GatewayExchange outliving(Body own) {
    return new GatewayExchange(this, headers, own, record, tries);
  }

  /**
   * An exchange for a call without a body that is made on account of this one, and is not this
   * one's alone; it has headers of its own. Whoever makes it says {@link #ended()} of it, and what
   * becomes of an {@link #abort}.
   *
   * @param told this one's record, whose tries are counted on; or another, with tries of its own
   */
  public GatewayExchange apart(ExchangeRecord told) {
    TryLine own = told == record ? tries : new TryLine();
    return new GatewayExchange(this, headers.copy(), Body.EMPTY, told, own);
  }

  /** Where the exchange lives; also its clock and its timer, virtual in tests. */
  public EventLoop loop() {
    return loop;
  }

  /** Nanoseconds of the loop's ticker. */
  public long now() {
    return loop.ticker().nanoTime();
  }

  public GatewayRequest request() {
    return request;
  }

  /** The request's headers as they will go upstream, less what belongs to the hop. */
  public HttpHeaders headers() {
    return headers;
  }

  public Body body() {
    return body;
  }

  /** Puts another body in the place of the first, which the caller has taken over. */
  public void body(Body replacement) {
    body = replacement;
  }

  /**
   * Whether a try has taken the body, so that there is none left for another: that the service
   * never got the request does not bring it back. A body that is kept for replay is never taken.
   */
  public boolean bodyTaken() {
    return !body.available();
  }

  /** The try that is being made ready; the first unless another was begun. */
  public Try currentTry() {
    return tries.current;
  }

  /** The tries before the current one, in order, whether over or not; empty for most requests. */
  public List<Try> earlierTries() {
    return tries.earlier;
  }

  /**
   * Another try is to be made; the stages behind take it from here on for the current one.
   *
   * @param hedge whether an earlier one still runs
   */
  public Try anotherTry(boolean hedge) {
    if (tries.earlier.isEmpty()) {
      tries.earlier = new ArrayList<>(2);
    }
    tries.earlier.add(tries.current);
    tries.current = new Try(tries.current.number() + 1, hedge);
    return tries.current;
  }

  /**
   * Whether the service may get the request twice, although an earlier try may have reached it: by
   * its method (RFC 9110 section 9.2.2), unless something else was said.
   */
  public boolean repeatable() {
    BooleanSupplier said = repeatable;
    return said == null ? Methods.isIdempotent(request.method().name()) : said.getAsBoolean();
  }

  /**
   * Says when the service may get the request twice, whatever its method.
   *
   * @param condition asked each time
   */
  public void repeatableWhile(BooleanSupplier condition) {
    repeatable = condition;
  }

  public ExchangeRecord record() {
    return record;
  }

  /** The raw path to ask the service for, before its base path. */
  public String upstreamPath() {
    return upstreamPath;
  }

  public void upstreamPath(String path) {
    upstreamPath = path;
  }

  /** The raw query to ask the service with, or null; the client's own unless changed. */
  public @Nullable String upstreamQuery() {
    return upstreamQuery;
  }

  public void upstreamQuery(@Nullable String query) {
    upstreamQuery = query;
  }

  /**
   * What of the client's path says the version and stands before the route's own, such as {@code
   * /v2}; raw, empty where the path says none. Paths of the service go back to the client behind
   * it.
   */
  public String versionPrefix() {
    return request.path().substring(0, versionPrefix);
  }

  /**
   * @param length of that in the request's path
   */
  public void versionPrefix(int length) {
    versionPrefix = length;
  }

  public Deadline deadline() {
    return deadline;
  }

  public void deadline(Deadline limit) {
    deadline = limit;
  }

  /** How long a body may stall, either way; positive. */
  public Duration idle() {
    return idle;
  }

  public void idle(Duration limit) {
    idle = limit;
  }

  public Interim interim() {
    return interim;
  }

  public void interim(Interim receiver) {
    interim = receiver;
  }

  /** 1 to 128 visible ASCII characters; empty before its policy has run. */
  public String requestId() {
    return requestId;
  }

  public void requestId(String id) {
    requestId = id;
  }

  /** The trace it is part of; null where the gateway takes no part in traces. */
  public @Nullable Trace trace() {
    return trace;
  }

  public void trace(Trace partOf) {
    trace = partOf;
  }

  /** 32 lower-case hexadecimal digits; null where the gateway takes no part in traces. */
  public @Nullable String traceId() {
    return trace == null ? null : trace.traceId();
  }

  /**
   * The protocol the client asks to switch to, in lower case, or null; only {@code websocket} today
   * (RFC 9110 section 7.8, RFC 8441).
   *
   * <p>Where there is one, {@link #body()} is what the client sends after the switch, not a request
   * body: it is subscribed to only once the service has agreed. The agreement is a response of
   * status 101, over whichever HTTP version it came, whose body is what the service sends after the
   * switch. Any other response is an ordinary one.
   */
  public @Nullable String upgrade() {
    return upgrade;
  }

  public void upgrade(String protocol) {
    upgrade = protocol;
  }

  /** What the server does when the exchange must end although its response has begun. */
  public void onAbort(Consumer<GatewayFailure> action) {
    onAbort = action;
  }

  /**
   * Ends the exchange from within: everything downstream is cancelled, and the client's connection
   * ends in a way that cannot be taken for a complete answer.
   */
  public void abort(GatewayFailure failure) {
    Consumer<GatewayFailure> action = onAbort;
    if (action != null) {
      action.accept(failure);
    }
  }

  /**
   * Does something when the exchange is over, however it ends; what was registered last comes
   * first, so that whoever counts exchanges hears of it when nothing of it is left.
   */
  public void onEnd(Runnable action) {
    Runnable earlier = onEnd;
    onEnd =
        earlier == null
            ? action
            : () -> {
              action.run();
              earlier.run();
            };
  }

  /** The exchange is over. Called once, by whoever runs it. */
  public void ended() {
    Runnable action = onEnd;
    onEnd = null;
    if (action != null) {
      action.run();
    }
  }

  @SuppressWarnings("unchecked") // put() is the only way in
  public <T> @Nullable T get(AttributeKey<T> key) {
    return attributes == null ? null : (T) attributes.get(key);
  }

  public <T> void put(AttributeKey<T> key, T value) {
    if (attributes == null) {
      attributes = new IdentityHashMap<>(4);
    }
    attributes.put(key, value);
  }
}

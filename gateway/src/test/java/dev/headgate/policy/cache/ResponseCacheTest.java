package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.DATE;
import static dev.headgate.policy.cache.Samples.NOW;
import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.key;
import static dev.headgate.policy.cache.Samples.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.policy.Next;
import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Bytes;
import dev.headgate.testing.Discards;
import dev.headgate.testing.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

class ResponseCacheTest {
  private static final String MINUTE = "cache-control: max-age=60";

  /** Where the second client lives; the clocks go on together. */
  private final VirtualTime time = new VirtualTime();

  private final VirtualTime elsewhere = new VirtualTime();
  private final long[] millis = {NOW};
  private final InstantSource clock = () -> Instant.ofEpochMilli(millis[0]);
  private final CacheStore store = new CacheStore(new Room(1 << 20));
  private final Fills fills = new Fills();
  private final Purging purging = new Purging(store, fills, clock);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<GatewayExchange> reported = new ArrayList<>();
  private final List<ByteBuf> sent = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final CacheTools tools =
      new CacheTools(
          store,
          fills,
          purging,
          null,
          clock,
          Decisions.UNCOUNTED,
          new CacheMeters(meters, store),
          reported::add);
  private ResponseCache cache = cache(route(0, 0, 0));

  private ResponseCache cache(CacheConfig route) {
    return new ResponseCache(route, Samples.SPACE, tools, new FillLimit(Duration.ofSeconds(30)));
  }

  /** Whatever happened: when all is over nothing is held, and nobody waits. */
  @AfterEach
  void nothingIsHeld() {
    run();
    for (Client client : clients) {
      if (!client.pending()) {
        client.exchange.ended();
      }
    }
    assertThat(meters.get("headgate.cache.waiting").gauge().value()).isZero();
    assertThat(calls.stream().filter(call -> !call.ended())).isEmpty();
    store.purge((key, one) -> true, null);
    store.settle();
    assertThat(store.room().used()).isZero();
    assertThat(sent).allMatch(buffer -> buffer.refCnt() == 0);
  }

  /** One call of the service. */
  private final class Call {
    private final GatewayExchange asked;
    private final MonoSink<GatewayResponse> sink;
    private boolean cancelled;
    private boolean answered;

    Call(GatewayExchange asked, MonoSink<GatewayResponse> sink) {
      this.asked = asked;
      this.sink = sink;
      sink.onCancel(() -> cancelled = true);
    }

    boolean ended() {
      return cancelled || answered;
    }

    HttpHeaders headers() {
      return asked.headers();
    }

    void answer(int status, Body body, String... lines) {
      answered = true;
      sink.success(new GatewayResponse(HttpResponseStatus.valueOf(status), fields(lines), body));
      run();
    }

    void answer(int status, String text, String... lines) {
      answer(status, text.isEmpty() ? Body.EMPTY : new FullBody(bytes(text)), lines);
    }

    StreamedBody begin(int status, String... lines) {
      StreamedBody body = new StreamedBody(-1, new Connection());
      answer(status, body, lines);
      return body;
    }

    void fail(FailureReason reason) {
      answered = true;
      sink.error(GatewayFailure.of(reason));
      run();
    }
  }

  private static final class Connection implements StreamedBody.Source {
    @Override
    public void readMore() {}

    @Override
    public void bodyCancelled() {}
  }

  private ByteBuf bytes(String text) {
    ByteBuf buffer = Bytes.of(text);
    sent.add(buffer);
    return buffer;
  }

  private void run() {
    for (int i = 0; i < 3; i++) {
      time.run();
      elsewhere.run();
    }
  }

  private void pass(Duration by) {
    millis[0] += by.toMillis();
    time.advance(by);
    elsewhere.advance(by);
  }

  private void pass(int seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  private final Next service = asked -> Mono.create(sink -> calls.add(new Call(asked, sink)));

  private Client client(VirtualTime on, HttpMethod method, String... lines) {
    GatewayExchange exchange = on.exchange(method, Body.EMPTY);
    exchange.headers().add(fields(lines));
    Client client = new Client(exchange);
    clients.add(client);
    return client;
  }

  private Client ask(Client client) {
    client.ask(cache.apply(client.exchange, service));
    run();
    return client;
  }

  private Client get(String... lines) {
    return ask(client(time, HttpMethod.GET, lines));
  }

  private Client getElsewhere(String... lines) {
    return ask(client(elsewhere, HttpMethod.GET, lines));
  }

  private Call call(int number) {
    assertThat(calls).hasSizeGreaterThanOrEqualTo(number);
    return calls.get(number - 1);
  }

  /** Something is stored, and how it came is over. */
  private void stored(String text, String... lines) {
    int before = calls.size();
    Client client = get();
    call(before + 1).answer(200, text, lines);
    assertThat(client.text()).isEqualTo(text);
    assertThat(client.told()).endsWith("stored");
    calls.remove(before);
  }

  // ---- storing and giving

  @Test
  void whatIsMissingIsAskedForAndKept() {
    Client first = get();
    assertThat(first.pending()).isTrue();
    call(1).answer(200, "hello", MINUTE);
    assertThat(first.text()).isEqualTo("hello");
    assertThat(first.told()).isEqualTo("fwd=uri-miss; stored");
    pass(5);

    Client second = getElsewhere();

    assertThat(calls).hasSize(1);
    assertThat(second.text()).isEqualTo("hello");
    assertThat(second.told()).isEqualTo("hit; ttl=55");
    assertThat(second.response().headers().get("age")).isEqualTo("5");
  }

  @Test
  void theStatusIsAppended() {
    stored("hello", MINUTE, "cache-status: \"origin\"; hit");
    Client client = get();
    cache.onResponse(client.exchange, client.response());

    assertThat(client.response().headers().getAll("cache-status"))
        .containsExactly("\"origin\"; hit", "Headgate; hit; ttl=60");
    client.text();
  }

  @Test
  void fieldsForOneAloneAreForTheFirstOnly() {
    Client first = get();
    Client second = get();
    call(1).answer(200, "hello", "cache-control: max-age=60, private=\"x-a\"", "x-a: secret");

    assertThat(first.response().headers().get("x-a")).isEqualTo("secret");
    assertThat(second.response().headers().contains("x-a")).isFalse();
    assertThat(first.text() + second.text()).isEqualTo("hellohello");
    assertThat(get().response().headers().contains("x-a")).isFalse();
    clients.get(2).text();
  }

  @Test
  void onlyIfCachedIsNeverForwarded() {
    assertThat(get("cache-control: only-if-cached").failure()).isEqualTo("NOT_CACHED");
    assertThat(get("cache-control: only-if-cached, no-store").failure()).isEqualTo("NOT_CACHED");
    assertThat(get("cache-control: only-if-cached", "if-match: *").failure())
        .isEqualTo("NOT_CACHED");
    assertThat(calls).isEmpty();
    assertThat(clients.get(0).told()).isEqualTo("detail=only-if-cached");
  }

  @Test
  void whatIsNotToBeKeptPassesBy() {
    Client noStore = get("cache-control: no-store");
    call(1).answer(200, "hello", MINUTE);
    Client upgrade = client(time, HttpMethod.GET);
    upgrade.exchange.upgrade("websocket");
    ask(upgrade);
    call(2).answer(101, "");
    Client range = get("range: bytes=0-1");
    call(3).answer(206, "he", MINUTE);
    Client post = ask(client(time, HttpMethod.POST));
    call(4).answer(200, "hello", MINUTE);

    assertThat(noStore.told()).isEqualTo("fwd=request; fwd-status=200");
    assertThat(upgrade.told()).isEqualTo("fwd=bypass");
    assertThat(range.told()).isEqualTo("fwd=uri-miss");
    assertThat(post.told()).isEqualTo("fwd=method");
    assertThat(noStore.text() + range.text() + post.text()).isEqualTo("hellohehello");
    assertThat(store.entries()).isZero();
  }

  // ---- one call for all

  @Test
  void allThatWantTheSameShareOneCall() {
    Client first = get();
    Client second = get();
    Client third = getElsewhere();
    assertThat(calls).hasSize(1);

    // All of it is here at once, before another loop hears that it comes.
    call(1).answer(200, "hello", MINUTE);

    assertThat(calls).hasSize(1);
    assertThat(first.text() + second.text() + third.text()).isEqualTo("hellohellohello");
    assertThat(first.told()).isEqualTo("fwd=uri-miss; stored");
    assertThat(second.told()).isEqualTo("fwd=uri-miss; stored; collapsed");
    assertThat(third.told()).isEqualTo("fwd=uri-miss; stored; collapsed");
  }

  @Test
  void whoComesInTheMiddleReadsFromTheBeginning() {
    Client first = get();
    StreamedBody body = call(1).begin(200, MINUTE);
    assertThat(first.status()).isEqualTo(200);
    body.offer(bytes("hel"));
    Client second = getElsewhere();
    assertThat(second.status()).isEqualTo(200);
    run();
    assertThat(second.text()).isEqualTo("hel");
    body.offer(bytes("lo"));
    body.complete(EmptyHttpHeaders.INSTANCE);
    first.read();
    run();

    assertThat(first.text()).isEqualTo("hello");
    assertThat(second.text()).isEqualTo("hello");
    assertThat(second.read().completed()).isTrue();
    assertThat(calls).hasSize(1);
  }

  @Test
  void whoLeavesEndsNothing() {
    Client first = get();
    Client second = getElsewhere();
    first.leave();
    assertThat(call(1).cancelled).isFalse();
    call(1).answer(200, "hello", MINUTE);

    assertThat(second.text()).isEqualTo("hello");
    assertThat(first.pending()).isTrue();
    assertThat(get().told()).startsWith("hit");
    clients.get(2).text();
  }

  @Test
  void theCallGoesOnForNobody() {
    get().leave();
    call(1).answer(200, "hello", MINUTE);

    assertThat(get().text()).isEqualTo("hello");
    assertThat(calls).hasSize(1);
  }

  @Test
  void whoLeavesInTheMiddleOfItsAnswerHarmsNoOther() {
    Client first = get();
    Client second = getElsewhere();
    StreamedBody body = call(1).begin(200, MINUTE);
    body.offer(bytes("hel"));
    first.read().cancel();
    second.read();
    body.offer(bytes("lo"));
    body.complete(EmptyHttpHeaders.INSTANCE);
    run();

    assertThat(second.text()).isEqualTo("hello");
    assertThat(second.read().completed()).isTrue();
    assertThat(get().told()).startsWith("hit");
    clients.get(2).text();
  }

  @Test
  void aBodyThatBreaksIsNobodysAndIsNotKept() {
    Client first = get();
    Client second = getElsewhere();
    StreamedBody body = call(1).begin(200, MINUTE);
    body.offer(bytes("hel"));
    body.fail(GatewayFailure.of(FailureReason.UPSTREAM_RESET));
    first.read();
    second.read();
    run();

    for (Client client : List.of(first, second)) {
      assertThat(client.text()).isEqualTo("hel");
      assertThat(client.read().error()).isInstanceOf(GatewayFailure.class);
    }
    assertThat(store.entries()).isZero();
  }

  @Test
  void whatCannotBeSharedLetsAllThroughTogether() {
    Client first = get();
    Client second = get();
    Client third = getElsewhere();
    call(1).answer(200, "mine", "cache-control: private");
    assertThat(first.text()).isEqualTo("mine");
    assertThat(calls).as("one for each, none behind another").hasSize(3);
    get();
    get();
    assertThat(calls).as("nor do others wait now").hasSize(5);

    for (int i = 2; i <= 5; i++) {
      call(i).answer(200, "own " + i, "cache-control: private");
    }
    assertThat(second.text()).isEqualTo("own 2");
    assertThat(third.text()).isEqualTo("own 3");
    assertThat(store.entries()).isZero();
    clients.forEach(Client::text);
  }

  @Test
  void aFailureLetsAllThroughTogether() {
    Client first = get();
    Client second = getElsewhere();
    call(1).fail(FailureReason.UPSTREAM_RESET);

    assertThat(first.failure()).isEqualTo("UPSTREAM_RESET");
    assertThat(calls).hasSize(2);
    call(2).answer(200, "hello", MINUTE);
    assertThat(second.text()).isEqualTo("hello");
  }

  @Test
  void anotherVariantIsAskedForItself() {
    Client first = get("accept-language: en");
    Client second = getElsewhere("accept-language: de");
    call(1).answer(200, "hello", MINUTE, "vary: accept-language");

    assertThat(first.text()).isEqualTo("hello");
    assertThat(calls).hasSize(2);
    assertThat(call(2).headers().get("accept-language")).isEqualTo("de");
    call(2).answer(200, "hallo", MINUTE, "vary: accept-language");
    assertThat(second.text()).isEqualTo("hallo");
    assertThat(get("accept-language: en").text()).isEqualTo("hello");
    assertThat(get("accept-language: de").text()).isEqualTo("hallo");
    assertThat(get("accept-language: fr").told()).isEmpty();
    call(3).answer(200, "salut", "cache-control: no-store", "vary: accept-language");
    assertThat(clients.get(4).told()).isEqualTo("fwd=vary-miss");
    clients.get(4).text();
  }

  @Test
  void aWaiterHasItsOwnDeadline() {
    Client first = get();
    Client second = client(elsewhere, HttpMethod.GET);
    second.exchange.deadline(Deadline.after(second.exchange.now(), Duration.ofSeconds(2)));
    ask(second);
    pass(Duration.ofMillis(1_999));
    assertThat(second.pending()).isTrue();
    pass(Duration.ofMillis(1));

    assertThat(second.failure()).isEqualTo("DEADLINE_EXCEEDED");
    assertThat(call(1).cancelled).isFalse();
    call(1).answer(200, "hello", MINUTE);
    assertThat(first.text()).isEqualTo("hello");
  }

  @Test
  void theCallHasTheRoutesTimeAndNotWhatIsLeftOfTheFirstOnes() {
    Client first = client(time, HttpMethod.GET);
    first.exchange.deadline(Deadline.after(first.exchange.now(), Duration.ofSeconds(2)));
    ask(first);

    assertThat(call(1).asked.deadline().remainingNanos(first.exchange.now()))
        .isEqualTo(Duration.ofSeconds(30).toNanos());
    pass(2);
    assertThat(first.failure()).isEqualTo("DEADLINE_EXCEEDED");
    call(1).answer(200, "hello", MINUTE);
    assertThat(get().text()).isEqualTo("hello");
  }

  @Test
  void oneThatAskedForItselfIsGivenUpWithItsClient() {
    get("cache-control: no-cache").leave();

    assertThat(call(1).cancelled).isTrue();
  }

  // ---- validating

  @Test
  void whatIsStaleIsValidatedOnce() {
    stored("hello", "cache-control: max-age=1", "etag: \"a\"", "x-a: 1");
    pass(2);
    Client first = get("if-none-match: \"client\"");
    Client second = getElsewhere();
    assertThat(calls).hasSize(1);
    assertThat(call(1).headers().getAll("if-none-match")).containsExactly("\"a\"");

    call(1).answer(304, "", "etag: \"a\"", MINUTE, "x-a: 2");

    assertThat(first.text() + second.text()).isEqualTo("hellohello");
    assertThat(first.told()).isEqualTo("fwd=stale; fwd-status=304");
    assertThat(second.told()).isEqualTo("fwd=stale; fwd-status=304; collapsed");
    assertThat(second.response().headers().getAll("x-a")).containsExactly("2");
    Client third = get();
    assertThat(third.told()).isEqualTo("hit; ttl=60");
    assertThat(third.text()).isEqualTo("hello");
  }

  @Test
  void a304WithoutADateIsOfNow() {
    stored("hello", "cache-control: max-age=60", "etag: \"a\"", "date: " + DATE);
    pass(100);
    Client first = get();
    call(1).answer(304, "", "etag: \"a\"");

    assertThat(first.response().headers().get("age")).isEqualTo("0");
    assertThat(first.text()).isEqualTo("hello");
    assertThat(get().told()).isEqualTo("hit; ttl=60");
    clients.get(2).text();
  }

  @Test
  void a304AboutAnotherAnswerIsAskedAgainWithoutConditions() {
    stored("hello", "cache-control: max-age=1", "etag: \"a\"");
    pass(2);
    Client client = get();
    call(1).answer(304, "", "etag: \"b\"");
    assertThat(client.pending()).isTrue();
    assertThat(calls).hasSize(2);
    assertThat(Conditions.in(call(2).headers())).isFalse();

    call(2).answer(200, "new", MINUTE, "etag: \"b\"");
    assertThat(client.text()).isEqualTo("new");
    assertThat(get().text()).isEqualTo("new");
  }

  @Test
  void a304ToNoConditionsIsAFailure() {
    stored("hello", "cache-control: max-age=1", "etag: \"a\"");
    pass(2);
    Client client = get();
    call(1).answer(304, "", "etag: \"b\"");
    call(2).answer(304, "", "etag: \"b\"");

    assertThat(client.failure()).isEqualTo("UPSTREAM_PROTOCOL_ERROR");
    assertThat(calls).hasSize(2);
  }

  @Test
  void aClientsOwnConditionsGoAlongWhereNothingIsStored() {
    Client client = get("if-none-match: \"mine\"");
    assertThat(call(1).headers().get("if-none-match")).isEqualTo("\"mine\"");
    call(1).answer(304, "", "etag: \"mine\"", MINUTE);

    assertThat(client.status()).isEqualTo(304);
    assertThat(store.entries()).isZero();
  }

  @Test
  void whatIsNoLongerToBeKeptIsDropped() {
    stored("hello", "cache-control: max-age=1", "etag: \"a\"");
    pass(2);
    Client client = get();
    call(1).answer(200, "mine", "cache-control: private");

    assertThat(client.text()).isEqualTo("mine");
    assertThat(store.find(key("/a"), fields())).isNull();
  }

  // ---- stale answers

  @Test
  void aStaleOneIsGivenAtOnceAndRefreshedOnce() {
    cache = cache(route(0, 10, 0));
    stored("old", "cache-control: max-age=1");
    pass(5);
    Client first = get();
    Client second = getElsewhere();
    assertThat(first.told()).isEqualTo("hit; ttl=-4; detail=stale-while-revalidate");
    assertThat(first.text() + second.text()).isEqualTo("oldold");
    assertThat(calls).hasSize(1);
    assertThat(reported).isEmpty();

    call(1).answer(200, "new", MINUTE);

    assertThat(reported).containsExactly(call(1).asked);
    assertThat(get().text()).isEqualTo("new");
    assertThat(calls).hasSize(1);
  }

  @Test
  void aRefreshIsNoHead() {
    cache = cache(route(0, 10, 0));
    stored("old", "cache-control: max-age=1");
    pass(5);
    Client head = ask(client(time, HttpMethod.HEAD));

    assertThat(head.told()).isEqualTo("hit; ttl=-4; detail=stale-while-revalidate");
    assertThat(calls).allMatch(call -> call.asked.request().method().equals(HttpMethod.GET));
    calls.forEach(call -> call.answer(200, "new", MINUTE));
  }

  @Test
  void aRefreshThatFailsLeavesWhatThereIs() {
    cache = cache(route(0, 10, 0));
    stored("old", "cache-control: max-age=1");
    pass(5);
    get().text();
    call(1).fail(FailureReason.UPSTREAM_RESET);
    assertThat(reported).hasSize(1);
    get().text();
    assertThat(clients.get(2).told()).endsWith("stale-while-revalidate");
    assertThat(calls).hasSize(2);
    call(2).answer(503, "down");
    get().text();
    assertThat(calls).hasSize(3);
    call(3).answer(200, "new", MINUTE);
    assertThat(get().text()).isEqualTo("new");
  }

  @Test
  void aStaleOneStandsInForAnError() {
    cache = cache(route(60, 0, 0));
    stored("old", "cache-control: max-age=1");
    pass(5);
    Client first = get();
    Client second = getElsewhere();
    call(1).answer(503, "down");
    assertThat(first.text() + second.text()).isEqualTo("oldold");
    assertThat(first.told()).isEqualTo("fwd=stale; fwd-status=503; ttl=-4; detail=stale-if-error");

    Client third = get();
    call(2).fail(FailureReason.UPSTREAM_CONNECTION_REFUSED);
    assertThat(third.text()).isEqualTo("old");
    assertThat(third.told()).isEqualTo("fwd=stale; ttl=-4; detail=stale-if-error");

    Client fourth = get();
    call(3).fail(FailureReason.BREAKER_OPEN);
    assertThat(fourth.text()).isEqualTo("old");
    assertThat(fourth.told()).isEqualTo("hit; ttl=-4; detail=stale-if-error");
  }

  @Test
  void aStaleOneStandsInForOneThatComesTooLate() {
    cache = cache(route(60, 0, 0));
    stored("old", "cache-control: max-age=1");
    pass(5);
    Client client = client(time, HttpMethod.GET);
    client.exchange.deadline(Deadline.after(client.exchange.now(), Duration.ofSeconds(2)));
    ask(client);
    pass(2);

    assertThat(client.text()).isEqualTo("old");
    call(1).answer(200, "new", MINUTE);
    assertThat(get().text()).isEqualTo("new");
  }

  @Test
  void anErrorThatNothingStandsInForIsPassedOn() {
    stored("old", "cache-control: max-age=1, must-revalidate", "etag: \"a\"");
    pass(5);
    Client client = get();
    Discards down = new Discards(4);
    call(1).answer(503, down);

    assertThat(client.status()).isEqualTo(503);
    assertThat(client.told()).isEqualTo("fwd=stale; fwd-status=503");
    assertThat(down.count()).isZero();
    client.response().discard();
    assertThat(store.find(key("/a"), fields())).isNotNull();
  }

  // ---- what changes meanwhile

  @Test
  void whatIsAskedForBeforeAPurgeIsNotKept() {
    Client first = get();
    Client second = getElsewhere();
    purging.changed("gateway", "/a", null);
    call(1).answer(200, "old", MINUTE);

    assertThat(first.text() + second.text()).isEqualTo("oldold");
    assertThat(store.find(key("/a"), fields())).isNull();
  }

  @Test
  void norIsWhatOneAskedForItself() {
    Client client = get("cache-control: no-cache");
    purging.changed("gateway", "/a", null);
    call(1).answer(200, "old", MINUTE);

    assertThat(client.text()).isEqualTo("old");
    assertThat(store.find(key("/a"), fields())).isNull();
    assertThat(get().pending()).isTrue();
    call(2).answer(200, "new", MINUTE);
    assertThat(clients.get(1).text()).isEqualTo("new");
    assertThat(get().told()).startsWith("hit");
    clients.get(2).text();
  }

  @Test
  void norIsA304FromBefore() {
    stored("old", "cache-control: max-age=1", "etag: \"a\"");
    pass(2);
    Client client = get();
    purging.changed("gateway", "/a", null);
    call(1).answer(304, "", "etag: \"a\"", MINUTE);

    assertThat(client.text()).isEqualTo("old");
    assertThat(store.find(key("/a"), fields())).isNull();
  }

  @Test
  void whatIsChangedIsGone() {
    stored("old", MINUTE);
    Client post = ask(client(time, HttpMethod.POST));
    call(1).answer(500, "");
    assertThat(post.status()).isEqualTo(500);
    assertThat(store.find(key("/a"), fields())).isNotNull();
    ask(client(time, HttpMethod.POST));
    call(2).answer(204, "");

    assertThat(store.find(key("/a"), fields())).isNull();
  }

  // RFC 9111 section 4.4; references as RFC 3986 section 5 resolves them.
  @Test
  void soIsWhatTheAnswerNames() {
    for (String reference :
        List.of("http://gateway/a", "/a", "a", "./a#x", "//GATEWAY/a", "http://gateway/b/../a")) {
      stored("old", MINUTE);
      Client post = ask(client(time, HttpMethod.POST));
      GatewayResponse made =
          new GatewayResponse(
              HttpResponseStatus.CREATED, fields("content-location: " + reference), Body.EMPTY);
      calls.remove(0).answer(404, "");
      cache.onResponse(post.exchange, made);
      assertThat(store.find(key("/a"), fields()) == null)
          .as(reference)
          .isEqualTo(!reference.contains(".."));
      purging.changed("gateway", "/a", null);
    }
    stored("old", MINUTE);
    for (String reference : List.of("http://other/a", "/b", "mailto:a", ":", "?x=1", "")) {
      Client post = client(time, HttpMethod.POST);
      cache.onResponse(
          post.exchange,
          new GatewayResponse(
              reference.isEmpty() ? HttpResponseStatus.NOT_FOUND : HttpResponseStatus.CREATED,
              fields("location: " + reference),
              Body.EMPTY));
    }
    assertThat(store.find(key("/a"), fields())).isNotNull();
  }

  // ---- HEAD

  @Test
  void headIsAnsweredFromWhatIsStored() {
    stored("hello", MINUTE);
    Client head = ask(client(time, HttpMethod.HEAD));

    assertThat(head.response().headers().get("content-length")).isEqualTo("5");
    assertThat(head.text()).isEmpty();
    assertThat(calls).isEmpty();
  }

  @Test
  void anAnswerToHeadRenewsOrMarksWhatIsStored() {
    stored("hello", "cache-control: max-age=1", "etag: \"a\"");
    pass(2);
    ask(client(time, HttpMethod.HEAD));
    call(1).answer(200, "", MINUTE, "etag: \"a\"", "content-length: 5");
    assertThat(get().told()).isEqualTo("hit; ttl=60");
    clients.get(2).text();

    ask(client(time, HttpMethod.HEAD, "cache-control: no-cache"));
    call(2).answer(200, "", MINUTE, "etag: \"b\"");
    Client next = get();
    assertThat(call(3).headers().get("if-none-match")).isEqualTo("\"a\"");
    call(3).answer(200, "new", MINUTE, "etag: \"b\"");
    assertThat(next.text()).isEqualTo("new");
  }
}

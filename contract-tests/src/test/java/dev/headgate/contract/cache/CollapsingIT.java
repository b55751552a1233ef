package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.Reply.held;
import static dev.headgate.contract.cache.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.SharedGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many who ask for the same at once (RFC 9111, section 4; RFC 9211, 2.6). */
class CollapsingIT {
  private static final CachedService SERVICE = new CachedService();

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .gateway("headgate.cache: {max-size: 64MiB}")
              .upstreams(
                  """
                  upstreams:
                    service: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: none}
                  """)
              .routes(
                  """
                  defaults: {route: {retry: {max-attempts: 1}}}
                  routes:
                    wide: {match: {path: /wide/**}, upstream: service, cache: {max-entry: 16MiB}}
                    small: {match: {path: /small/**}, upstream: service, cache: {max-entry: 64KiB}}
                  """));

  private static final String FRESH = "Cache-Control: max-age=60";

  private final Page page = Page.fresh(SERVICE, GATEWAY::port, "/wide");
  private final Gate gate = new Gate();

  private static List<RawHttp> crowd(Page page, int size, String... fields) throws IOException {
    List<RawHttp> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(page.begin("GET", fields));
    }
    return all;
  }

  private static void awaitWaiting(int clients) {
    Eventually.holds(
        () ->
            assertThat(Scrape.of(GATEWAY.process()).sum("headgate_cache_waiting"))
                .isEqualTo(clients));
  }

  private static List<Response> answers(List<RawHttp> clients) throws IOException {
    List<Response> all = new ArrayList<>();
    for (RawHttp http : clients) {
      all.add(http.response("GET"));
      http.close();
    }
    return all;
  }

  /** A crowd of whom the first has reached the service, and the rest wait. */
  private List<RawHttp> waiting(int size) throws IOException {
    List<RawHttp> clients = crowd(page, 1);
    page.await(1);
    clients.addAll(crowd(page, size - 1));
    awaitWaiting(size - 1);
    return clients;
  }

  @Test
  void aThousandWhoMissAreOneRequest() throws Exception {
    String body = "0123456789abcdef".repeat(4_096);
    page.answers(held(gate, Reply.body(body, FRESH)));
    List<RawHttp> clients = waiting(1_000);

    gate.open();

    int collapsed = 0;
    for (Response response : answers(clients)) {
      assertForwarded(response, "uri-miss");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.text()).isEqualTo(body);
      collapsed += CacheStatus.of(response).is("collapsed") ? 1 : 0;
    }
    assertThat(page.count()).isOne();
    assertThat(collapsed).isEqualTo(999);
    awaitWaiting(0);
    assertHit(page);
  }

  /** Whoever waits may hear of it only when it is over: the answer is in the store by then. */
  @Test
  void evenWhereTheAnswerIsOverAtOnce() throws Exception {
    for (int round = 0; round < 40; round++) {
      Page fresh = Page.fresh(SERVICE, GATEWAY::port, "/wide");
      Gate shut = new Gate();
      fresh.answers(held(shut, ok(FRESH)));
      List<RawHttp> clients = crowd(fresh, 1);
      fresh.await(1);
      clients.addAll(crowd(fresh, 6));
      awaitWaiting(6);

      shut.open();

      assertThat(distinctTexts(clients)).containsExactly("answer 1");
      assertThat(fresh.count()).as("round %d", round).isOne();
    }
  }

  @Test
  void theFirstMayLeaveAndNobodyIsHurt() throws Exception {
    for (boolean byReset : new boolean[] {true, false}) {
      Page fresh = Page.fresh(SERVICE, GATEWAY::port, "/wide");
      Gate shut = new Gate();
      fresh.answers(held(shut, ok(FRESH)));
      RawHttp first = fresh.begin("GET");
      fresh.await(1);
      List<RawHttp> others = crowd(fresh, 10);
      awaitWaiting(10);

      leave(first, byReset);
      // A request later its leaving has been noticed, and the service has not answered yet.
      assertThat(fresh.below("/other").get().status()).isEqualTo(404);
      shut.open();

      for (Response response : answers(others)) {
        assertThat(response.text()).isEqualTo("answer 1");
      }
      assertThat(fresh.count()).isOne();
    }
  }

  private static void leave(RawHttp client, boolean byReset) throws IOException {
    if (byReset) {
      client.reset();
    } else {
      client.close();
    }
  }

  /** A fill belongs to no client: what was begun is kept for the next. */
  @Test
  void theOnlyOneMayLeaveAndTheAnswerIsKept() throws Exception {
    page.answers(held(gate, ok(FRESH)));
    RawHttp client = page.begin("GET");
    page.await(1);
    client.reset();
    assertThat(page.below("/other").get().status()).isEqualTo(404);

    gate.open();

    Eventually.holds(() -> assertHit(page.get()));
    assertThat(page.count()).isOne();
  }

  @Test
  void whoWaitsMayLeaveToo() throws Exception {
    page.answers(held(gate, ok(FRESH)));
    List<RawHttp> clients = waiting(20);
    for (int i = 1; i < 20; i += 2) {
      clients.get(i).reset();
    }
    awaitWaiting(9);

    gate.open();

    for (int i = 0; i < 20; i += 2) {
      assertThat(clients.get(i).response("GET").text()).isEqualTo("answer 1");
      clients.get(i).close();
    }
    assertThat(page.count()).isOne();
  }

  @Test
  void whoReadsSlowlyHoldsNobodyUp() throws Exception {
    String body = "0123456789abcdef".repeat(400_000);
    page.answers(Reply.body(body, FRESH));
    try (RawHttp slow = RawHttp.slowReaderTo(GATEWAY.port());
        RawHttp slower = RawHttp.slowReaderTo(GATEWAY.port())) {
      slow.send(page.text("GET"));
      page.await(1);
      slower.send(page.text("GET"));

      for (Response response : answers(crowd(page, 4))) {
        assertThat(response.body()).hasSize(body.length());
      }

      assertThat(slow.response("GET").text()).isEqualTo(body);
      assertThat(slower.response("GET").text()).isEqualTo(body);
    }
    assertThat(page.count()).isOne();
  }

  @Test
  void whoComesLaterGetsTheBeginningBeforeTheEndIsThere() throws Exception {
    page.answers(Reply.inTwo("beginning", gate, " and end", FRESH));
    try (RawHttp first = page.begin("GET");
        RawHttp second = begunAfter(first)) {
      for (RawHttp http : new RawHttp[] {first, second}) {
        assertThat(text(http.in().readNBytes(9))).isEqualTo("beginning");
      }
      gate.open();
      for (RawHttp http : new RawHttp[] {first, second}) {
        assertThat(text(http.in().readNBytes(8))).isEqualTo(" and end");
      }
    }
    assertThat(page.count()).isOne();
  }

  /** Once the first has its head; the second's head is read too. */
  private RawHttp begunAfter(RawHttp first) throws IOException {
    assertThat(first.head().startLine()).contains(" 200 ");
    RawHttp second = page.begin("GET");
    Head head = second.head();
    assertThat(head.startLine()).contains(" 200 ");
    assertThat(head.headers("content-length")).containsExactly("17");
    return second;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Its answer, once so many have come together. */
  private static Reply together(CountDownLatch all, Reply then) {
    return (connection, request, number) -> {
      all.countDown();
      boolean met = all.await(8, TimeUnit.SECONDS);
      return met && then.play(connection, request, number);
    };
  }

  @Test
  void whatMayNotBeStoredLetsAllThroughTogether() throws Exception {
    Reply own = ok("Cache-Control: no-store");
    page.answers(held(gate, own), together(new CountDownLatch(19), own));
    List<RawHttp> clients = waiting(20);

    gate.open();

    assertThat(distinctTexts(clients)).hasSize(20);
    assertThat(page.count()).isEqualTo(20);
  }

  private static Set<String> distinctTexts(List<RawHttp> clients) throws IOException {
    Set<String> texts = new HashSet<>();
    for (Response response : answers(clients)) {
      assertThat(response.status()).as("%s", response).isEqualTo(200);
      texts.add(response.text());
    }
    return texts;
  }

  /** Nobody waits again for what was just seen to be of no use to others. */
  @Test
  void norDoesAnybodyWaitForItSoonAfterwards() throws Exception {
    Reply own = ok("Cache-Control: no-store");
    page.answers(own, together(new CountDownLatch(10), own));
    page.get();

    assertThat(distinctTexts(crowd(page, 10))).hasSize(10);
  }

  @Test
  void aFillThatFailsLetsTheOthersThroughTogether() throws Exception {
    Reply failing =
        (connection, request, number) -> {
          gate.pass();
          connection.reset();
          return false;
        };
    page.answers(failing, together(new CountDownLatch(1), ok("Cache-Control: no-store")));
    List<RawHttp> clients = waiting(10);

    gate.open();

    List<Response> all = answers(clients);
    assertThat(all.get(0).status()).isEqualTo(502);
    for (Response response : all.subList(1, 10)) {
      assertThat(response.status()).as("%s", response).isEqualTo(200);
    }
  }

  /** Whoever has seen its beginning sees that there is no end. */
  @Test
  void aFillThatBreaksLooksWholeToNobody() throws Exception {
    Reply breaking =
        (connection, request, number) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\n" + FRESH + "\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.write(Answer.chunk("beginning"));
          gate.pass();
          return false;
        };
    page.answers(breaking, ok(FRESH));
    try (RawHttp first = page.begin("GET")) {
      first.head();
      try (RawHttp second = page.begin("GET")) {
        second.head();
        gate.open();
        assertThat(brokenOff(first)).isTrue();
        assertThat(brokenOff(second)).isTrue();
      }
    }
    assertThat(page.get().text()).isEqualTo("answer 2");
  }

  private static boolean brokenOff(RawHttp http) throws IOException {
    try {
      byte[] chunk = http.chunk();
      while (chunk != null && chunk.length > 0) {
        chunk = http.chunk();
      }
      return chunk == null;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  /** It may only show on the way that an answer is larger than what is kept. */
  @Test
  void whatTurnsOutTooLargeReachesAllWhoHaveItsBeginning() throws Exception {
    Page small = Page.fresh(SERVICE, GATEWAY::port, "/small");
    String part = "x".repeat(40_000);
    Reply growing =
        (connection, request, number) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\n" + FRESH + "\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.write(Answer.chunk(part));
          gate.pass();
          for (int i = 0; i < 20; i++) {
            connection.write(Answer.chunk(part));
          }
          connection.write("0\r\n\r\n");
          return true;
        };
    small.answers(growing);
    List<RawHttp> clients = crowd(small, 1);
    small.await(1);
    clients.addAll(crowd(small, 3));

    gate.open();

    for (Response response : answers(clients)) {
      assertThat(response.body()).hasSize(21 * 40_000);
      assertThat(response.complete()).isTrue();
    }
  }

  @Test
  void whoAsksForAnotherVariantGetsIt() throws Exception {
    Reply inLanguage =
        (connection, request, number) ->
            Reply.body(
                    String.valueOf(request.header("accept-language")),
                    FRESH,
                    "Vary: Accept-Language")
                .play(connection, request, number);
    page.answers(held(gate, inLanguage));
    List<RawHttp> english = crowd(page, 1, "Accept-Language: en");
    page.await(1);
    english.addAll(crowd(page, 9, "Accept-Language: en"));
    List<RawHttp> german = crowd(page, 10, "Accept-Language: de");
    gate.open();

    assertThat(distinctTexts(english)).containsExactly("en");
    assertThat(distinctTexts(german)).containsExactly("de");
    assertThat(page.count()).isBetween(2, 11);
    assertHit(page, "Accept-Language: de");
  }

  /** What is stale is asked about once, too. */
  @Test
  void aCrowdAtAStaleEntryIsOneValidation() throws Exception {
    String etag = "ETag: \"a\"";
    page.answers(ok("Cache-Control: max-age=0", etag), held(gate, Reply.notModified(FRESH, etag)));
    page.get();
    List<RawHttp> clients = crowd(page, 1);
    page.await(2);
    clients.addAll(crowd(page, 49));
    awaitWaiting(49);

    gate.open();

    assertThat(distinctTexts(clients)).containsExactly("answer 1");
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void aCrowdAtNoCacheIsOneValidationAfterTheOther() throws Exception {
    page.answers(Reply.tagged("\"a\"", "Cache-Control: no-cache"));
    page.get();

    assertThat(distinctTexts(crowd(page, 20))).containsExactly("answer 1");
    assertThat(page.count()).isLessThanOrEqualTo(21);
  }

  /** Someone who waits has a limit of its own, and is told so. */
  @Test
  void whoMayNotWaitThatLongIsTold() throws Exception {
    page.answers(held(gate, ok(FRESH)));
    try (RawHttp first = page.begin("GET")) {
      page.await(1);
      try (RawHttp hasty = page.begin("GET", "X-Request-Timeout-Ms: 300")) {
        hasty.readTimeout(Duration.ofSeconds(5));
        assertThat(hasty.response("GET").status()).isEqualTo(504);
      }
      gate.open();
      assertThat(first.response("GET").text()).isEqualTo("answer 1");
    }
  }

  /** The hasty one's limit is not that of those who wait for what it began. */
  @Test
  void theLimitOfTheFirstIsNotThatOfTheOthers() throws Exception {
    page.answers(held(gate, ok(FRESH)));
    try (RawHttp hasty = page.begin("GET", "X-Request-Timeout-Ms: 400")) {
      page.await(1);
      try (RawHttp patient = page.begin("GET")) {
        assertThat(hasty.response("GET").status()).isEqualTo(504);
        gate.open();
        assertThat(patient.response("GET").status()).isEqualTo(200);
      }
    }
  }
}

package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.Reply.held;
import static dev.headgate.contract.cache.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Http2Client;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Tls;
import dev.headgate.contract.harness.TlsClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is stored, for clients that have many streams on one connection. */
class CacheHttp2IT {
  private static final CachedService SERVICE = new CachedService();

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .upstreams(
                  """
                  upstreams:
                    service: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: none}
                  """)
              .routes(
                  """
                  routes:
                    all: {match: {path: /all/**}, upstream: service, retry: {max-attempts: 1}, cache: {}}
                  """),
          "--server.ssl.key-store=" + Tls.store(),
          "--server.ssl.key-store-password=" + Tls.PASSWORD);

  private static final String FRESH = "Cache-Control: max-age=60";

  private final Page page = Page.fresh(SERVICE, GATEWAY::port, "/all");
  private final Http2Client http2 = new Http2Client();
  private final Gate gate = new Gate();

  private Response get(String... fields) throws Exception {
    return http2.get(GATEWAY.port(), page.target(), fields);
  }

  /** The same URL, by the older version. */
  private Response getByHttp1() throws Exception {
    try (SSLSocket socket = new TlsClient().alpn("http/1.1").to(GATEWAY.port());
        RawHttp http = RawHttp.over(socket)) {
      return http.send(page.text("GET", "Host: localhost:" + GATEWAY.port())).response("GET");
    }
  }

  private Page stored(String text, String... fields) throws Exception {
    String[] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = FRESH;
    page.answers(Reply.body(text, all));
    Response first = assertForwarded(get(), "uri-miss");
    assertThat(CacheStatus.of(first).is("stored")).isTrue();
    return page;
  }

  @Test
  void theSecondAnswerIsTheFirstOneWithItsAge() throws Exception {
    stored("abc", "X-A: 1");

    Response hit = assertHit(get());

    assertThat(hit.status()).isEqualTo(200);
    assertThat(hit.text()).isEqualTo("abc");
    assertThat(hit.need("x-a")).isEqualTo("1");
    assertThat(hit.headers("content-length")).containsExactly("3");
    assertThat(CacheStatus.of(hit).ttl()).isBetween(50L, 60L);
    assertThat(Long.parseLong(hit.need("age"))).isBetween(0L, 10L);
    assertThat(page.count()).isOne();
  }

  @Test
  void whoHasItIsToldSo() throws Exception {
    stored("abc", "ETag: \"a\"");

    Response same = assertHit(get("If-None-Match: \"a\""));

    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.need("etag")).isEqualTo("\"a\"");
    assertThat(assertHit(get("If-None-Match: \"b\"")).text()).isEqualTo("abc");
    assertThat(page.count()).isOne();
  }

  @Test
  void aRangeIsAnsweredWithThatPart() throws Exception {
    stored("0123456789");

    Response part = assertHit(get("Range: bytes=2-4"));

    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(part.need("content-range")).isEqualTo("bytes 2-4/10");
    assertThat(part.headers("content-length")).containsExactly("3");
    assertThat(get("Range: bytes=10-").status()).isEqualTo(416);
    assertThat(page.count()).isOne();
  }

  @Test
  void headIsTheHeadOfIt() throws Exception {
    stored("0123456789", "X-A: 1");

    Response head = assertHit(http2.head(GATEWAY.port(), page.target()));

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers("content-length")).containsExactly("10");
    assertThat(head.need("x-a")).isEqualTo("1");
    assertThat(page.count()).isOne();
  }

  @Test
  void aLargeOneIsWhole() throws Exception {
    String large = "0123456789abcdef".repeat(300 * 64);
    stored(large);

    Response hit = assertHit(get());

    assertThat(hit.text()).isEqualTo(large);
    assertThat(hit.headers("content-length")).containsExactly(Integer.toString(300 * 1_024));
    assertThat(page.count()).isOne();
  }

  @Test
  void manyLargeOnesAtOnceAreWhole() throws Exception {
    String large = "0123456789abcdef".repeat(300 * 64);
    stored(large);

    for (Http2Client.Call call : crowd(20)) {
      assertThat(assertHit(call.response()).text()).isEqualTo(large);
    }
    assertThat(page.count()).isOne();
  }

  @Test
  void anAnswerWithTrailersIsWhole() throws Exception {
    page.answers(Reply.trailed("abc", "X-Sum: 42", FRESH, "Trailer: X-Sum"));
    assertThat(get("TE: trailers").text()).isEqualTo("abc");

    assertThat(assertHit(get("TE: trailers")).text()).isEqualTo("abc");
    assertThat(assertHit(get()).text()).isEqualTo("abc");
    assertThat(page.count()).isOne();
  }

  @Test
  void whatCameByOneVersionIsThereForTheOther() throws Exception {
    page.answers(ok(FRESH, "X-A: 1"));
    assertForwarded(getByHttp1(), "uri-miss");

    Response hit = assertHit(get());

    assertThat(hit.text()).isEqualTo("answer 1");
    assertThat(hit.need("x-a")).isEqualTo("1");
    assertThat(page.count()).isOne();
  }

  @Test
  void andTheOtherWayRound() throws Exception {
    stored("abc", "X-A: 1");

    Response hit = assertHit(getByHttp1());

    assertThat(hit.text()).isEqualTo("abc");
    assertThat(hit.need("x-a")).isEqualTo("1");
    assertThat(page.count()).isOne();
  }

  private List<Http2Client.Call> crowd(int size) {
    List<Http2Client.Call> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(http2.begin(GATEWAY.port(), page.target()));
    }
    return all;
  }

  private static void awaitWaiting(int clients) {
    Eventually.holds(
        () ->
            assertThat(Scrape.of(GATEWAY.process()).sum("headgate_cache_waiting"))
                .isEqualTo(clients));
  }

  /** Streams of one connection, of which the first has reached the service, and the rest wait. */
  private List<Http2Client.Call> waiting(int size) throws Exception {
    page.answers(held(gate, ok(FRESH)));
    http2.get(GATEWAY.port(), "/none");
    List<Http2Client.Call> calls = crowd(1);
    page.await(1);
    calls.addAll(crowd(size - 1));
    awaitWaiting(size - 1);
    return calls;
  }

  @Test
  void manyStreamsThatMissAreOneRequest() throws Exception {
    List<Http2Client.Call> calls = waiting(60);

    gate.open();

    int collapsed = 0;
    for (Http2Client.Call call : calls) {
      Response response = assertForwarded(call.response(), "uri-miss");
      assertThat(response.text()).isEqualTo("answer 1");
      collapsed += CacheStatus.of(response).is("collapsed") ? 1 : 0;
    }
    assertThat(collapsed).isEqualTo(59);
    assertThat(page.count()).isOne();
    assertHit(get());
  }

  @Test
  void streamsThatAreResetWhileTheyWaitHarmNobodyElse() throws Exception {
    List<Http2Client.Call> calls = waiting(20);
    for (int i = 1; i < 20; i += 2) {
      calls.get(i).reset();
    }
    awaitWaiting(9);

    gate.open();

    for (int i = 0; i < 20; i += 2) {
      assertThat(calls.get(i).response().text()).isEqualTo("answer 1");
    }
    assertThat(page.count()).isOne();
  }

  @Test
  void theFirstStreamMayBeResetAndTheOthersGetItsAnswer() throws Exception {
    List<Http2Client.Call> calls = waiting(10);

    calls.get(0).reset();
    // A request later its leaving has been noticed, and the service has not answered yet.
    http2.get(GATEWAY.port(), "/none");
    gate.open();

    for (Http2Client.Call call : calls.subList(1, 10)) {
      assertThat(call.response().text()).isEqualTo("answer 1");
    }
    assertThat(page.count()).isOne();
    assertHit(get());
  }
}

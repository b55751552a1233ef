package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What becomes of entries while routes change, and while room is short. */
@Once
class CacheReloadIT {
  private static final long ROOM = 2 * 1_024 * 1_024;
  private static final CachedService SERVICE = new CachedService();
  private static final CachedService OTHER = new CachedService();
  private static final Reply FRESH = ok("Cache-Control: max-age=300");
  private static int tables;

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .with("other", OTHER.url())
              .gateway("headgate.cache: {max-size: 2MiB}")
              .upstreams(
                  """
                  upstreams:
                    service: {endpoints: ["@service@"]}
                    other: {endpoints: ["@other@"]}
                  """)
              .routes(routes("upstream: service, cache: {}", 0)));

  private final Page page = Page.fresh(SERVICE, GATEWAY::port, "/shop").answers(FRESH);

  private static String routes(String keys, int table) {
    return """
    routes:
      shop: {match: {path: /shop/**}, %s}
      table: {match: {path: /table}, respond: {body: "%d"}}
    """
        .formatted(keys, table);
  }

  /** The route has these keys from now on. */
  private static void reload(String keys) {
    int table = ++tables;
    GATEWAY.repo().routes(routes(keys, table));
    Eventually.holds(
        () ->
            assertThat(RawHttp.get(GATEWAY.port(), "/table").text())
                .isEqualTo(Integer.toString(table)));
  }

  @BeforeEach
  void asItWas() throws Exception {
    reload("upstream: service, cache: {}");
    RawHttp.call(GATEWAY.process().adminPort(), "DELETE /actuator/cache?route=shop");
  }

  @Test
  void entriesOutliveAReload() throws Exception {
    assertStored(page);

    for (int i = 0; i < 3; i++) {
      reload(
          "upstream: service, cache: {stale-if-error: %dm}, timeout: {total: 9s}".formatted(i + 1));
      assertThat(assertHit(page.get()).text()).isEqualTo("answer 1");
    }

    assertThat(page.count()).isOne();
  }

  @Test
  void andOneThatIsRefused() throws Exception {
    assertStored(page);
    GATEWAY.repo().routes("routes: {shop: {match: {path: /shop/**}, upstream: nobody}}");
    Eventually.holds(() -> assertThat(GATEWAY.process().log()).contains("DANGLING_UPSTREAM"));

    assertHit(page);
  }

  @Test
  void anotherUpstreamIsNotAnsweredWithTheEntriesOfTheFirst() throws Exception {
    assertStored(page);
    String path = page.target();
    OTHER
        .resource(path)
        .answers(java.util.List.of(Reply.body("other", "Cache-Control: max-age=60")));

    reload("upstream: other, cache: {}");

    assertThat(page.get().text()).isEqualTo("other");
    assertThat(assertHit(page.get()).text()).isEqualTo("other");
  }

  @Test
  void norIsAnotherPathOfTheService() throws Exception {
    assertStored(page);
    String rest = page.target().substring("/shop".length());
    SERVICE.resource("/new" + rest).answers(java.util.List.of(Reply.body("rewritten")));

    reload("upstream: service, cache: {}, rewrite: {path: \"/new/**\"}");

    assertThat(page.get().text()).isEqualTo("rewritten");
  }

  /** What was kept for all before the route told tenants apart is nobody's now. */
  @Test
  void whereTenantsAreToldApartFromNowOnNothingOldIsServed() throws Exception {
    assertStored(page, "X-Tenant: red");

    reload("upstream: service, cache: {vary-by: [X-Tenant]}");

    assertThat(page.get("X-Tenant: blue").text()).isEqualTo("answer 2");
    assertThat(page.get("X-Tenant: red").text()).isEqualTo("answer 3");
  }

  @Test
  void whereNothingIsCachedAnyMoreNothingIsServed() throws Exception {
    assertStored(page);

    reload("upstream: service");

    assertThat(page.get().headers("cache-status")).isEmpty();
    assertThat(page.count()).isEqualTo(2);
  }

  @Test
  void aFillUnderWayOutlivesAReload() throws Exception {
    Gate gate = new Gate();
    page.answers(Reply.held(gate, FRESH));
    try (RawHttp http = page.begin("GET")) {
      page.await(1);
      reload("upstream: service, cache: {stale-if-error: 1m}");
      gate.open();
      assertThat(http.response("GET").text()).isEqualTo("answer 1");
    }

    assertHit(page);
  }

  @Test
  void thereIsNeverMoreThanThereIsRoomFor() throws Exception {
    String body = "x".repeat(100_000);
    double before = Scrape.of(GATEWAY.process()).sum("headgate_cache_evictions_total");

    for (int i = 0; i < 60; i++) {
      Response response = Page.fresh(SERVICE, GATEWAY::port, "/shop").answers(large(body)).get();
      assertThat(response.body()).hasSize(100_000);
      JsonNode stored = RawHttp.get(GATEWAY.process().adminPort(), "/actuator/cache").json();
      assertThat(stored.path("bytes").asLong()).isLessThanOrEqualTo(ROOM);
      assertThat(stored.path("maxBytes").asLong()).isEqualTo(ROOM);
    }

    Eventually.holds(
        () ->
            assertThat(Scrape.of(GATEWAY.process()).sum("headgate_cache_evictions_total") - before)
                .isGreaterThanOrEqualTo(39));
    GATEWAY.process().assertNoLeaks("/shop/none");
  }

  private static Reply large(String body) {
    return Reply.body(body, "Cache-Control: max-age=300");
  }

  /** Many headers are bytes too. */
  @Test
  void fieldsTakeRoomToo() throws Exception {
    String[] fields = new String[11];
    java.util.Arrays.fill(fields, "X-Many: " + "y".repeat(2_000));
    fields[10] = "Cache-Control: max-age=300";
    long before = bytes();

    Page many = Page.fresh(SERVICE, GATEWAY::port, "/shop").answers(ok(fields));
    many.get();
    assertForwardedOnce(many);

    assertThat(bytes() - before).isGreaterThan(20_000);
  }

  private static void assertForwardedOnce(Page page) throws Exception {
    assertHit(page);
    assertThat(page.count()).isOne();
  }

  private static long bytes() throws Exception {
    Response response = RawHttp.get(GATEWAY.process().adminPort(), "/actuator/cache");
    return response.json().path("bytes").asLong();
  }

  @Test
  void anEntryLargerThanAllTheRoomIsNotStored() throws Exception {
    reload("upstream: service, cache: {max-entry: 8MiB}");
    Page huge = Page.fresh(SERVICE, GATEWAY::port, "/shop").answers(large("x".repeat(3_000_000)));

    assertThat(huge.get().body()).hasSize(3_000_000);

    assertForwarded(huge.get(), "uri-miss");
    assertThat(bytes()).isLessThanOrEqualTo(ROOM);
  }
}

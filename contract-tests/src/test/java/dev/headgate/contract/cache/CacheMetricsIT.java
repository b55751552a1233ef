package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Traces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What the cache tells of itself: meters, the access log, spans. */
@Once
class CacheMetricsIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String REQUESTS = "headgate_cache_requests_total";
  private static final String FILLS = "headgate_cache_fills_total";

  private final Page page = CacheGateway.page("/counted");

  /** Runs once, and counts as this once. */
  private void assertCounted(String meter, String result, Call call) throws Exception {
    String[] labels = {"route", "counted", "result", result};
    double before = Scrape.of(GATEWAY.process()).sum(meter, labels);

    call.run();

    Eventually.holds(
        () ->
            assertThat(Scrape.of(GATEWAY.process()).sum(meter, labels))
                .as(result)
                .isEqualTo(before + 1));
  }

  /** A request, or what makes one. */
  @FunctionalInterface
  private interface Call {
    void run() throws Exception;
  }

  @Test
  void eachRequestIsCountedByWhatBecameOfIt() throws Exception {
    page.answers(Reply.tagged("\"a\"", FRESH));

    assertCounted(REQUESTS, "miss", page::get);
    assertCounted(REQUESTS, "hit", page::get);
    assertCounted(REQUESTS, "hit", page::head);
    assertCounted(REQUESTS, "bypass", page::post);
    assertCounted(REQUESTS, "only-if-cached", () -> page.get("Cache-Control: only-if-cached"));
  }

  @Test
  void staleOnesToo() throws Exception {
    page.answers(ok("Cache-Control: max-age=0", "ETag: \"a\""), status(503)).get();

    assertCounted(REQUESTS, "stale", page::get);
    page.answers(Reply.notModified(FRESH, "ETag: \"a\""));
    assertCounted(REQUESTS, "revalidated", page::get);
  }

  @Test
  void thoseThatWaitedToo() throws Exception {
    Gate gate = new Gate();
    page.answers(Reply.held(gate, ok(FRESH)));
    assertCounted(
        REQUESTS,
        "collapsed",
        () -> {
          try (RawHttp first = page.begin("GET")) {
            page.await(1);
            try (RawHttp second = page.begin("GET")) {
              Eventually.holds(() -> assertThat(sum("headgate_cache_waiting")).isOne());
              gate.open();
              first.response("GET");
              CacheStatus told = CacheStatus.of(second.response("GET"));
              assertThat(told.is("collapsed")).as("%s", told).isTrue();
            }
          }
        });
    assertThat(sum("headgate_cache_waiting")).isZero();
  }

  private static double sum(String meter) throws Exception {
    return Scrape.of(GATEWAY.process()).sum(meter);
  }

  @Test
  void fillsAreCountedByWhatBecameOfThem() throws Exception {
    page.answers(
        Reply.tagged("\"a\"", "Cache-Control: max-age=0"), Reply.notModified("ETag: \"a\""));
    assertCounted(FILLS, "stored", page::get);
    assertCounted(FILLS, "updated", page::get);
    page.answers(ok("Cache-Control: no-store"));
    assertCounted(FILLS, "uncacheable", page::get);
    page.below("/large").answers(Reply.chunked("x".repeat(9_000), FRESH));
    assertCounted(FILLS, "too-large", () -> page.below("/large").get());
    page.below("/reset").answers(Reply.reset());
    assertCounted(FILLS, "failed", () -> page.below("/reset").get());
  }

  @Test
  void whatIsStoredIsMeasured() throws Exception {
    double bytes = sum("headgate_cache_used_bytes");
    double entries = sum("headgate_cache_entries");

    page.answers(Reply.body("x".repeat(3_000), FRESH)).get();
    assertHit(page);

    Eventually.holds(
        () -> {
          assertThat(sum("headgate_cache_entries")).isEqualTo(entries + 1);
          assertThat(sum("headgate_cache_used_bytes") - bytes).isBetween(3_000.0, 8_000.0);
        });
    assertThat(Scrape.of(GATEWAY.process()).of("headgate_cache_evictions_total")).isNotEmpty();
  }

  private static JsonNode logged(Response response) {
    return GATEWAY.process().awaitAccess(response.need("x-request-id")).path("cache");
  }

  @Test
  void theAccessLogSaysWhatBecameOfIt() throws Exception {
    page.answers(ok(FRESH));

    JsonNode miss = logged(page.get());
    JsonNode hit = logged(page.get());

    assertThat(miss.path("result").asString("")).isEqualTo("miss");
    assertThat(hit.path("result").asString("")).isEqualTo("hit");
    assertThat(hit.path("ttl").asInt(-1)).isBetween(56, 60);
  }

  @Test
  void andNothingForARouteWithoutACache() throws Exception {
    Page uncached = CacheGateway.page("/uncached").answers(ok(FRESH));

    assertThat(logged(uncached.get()).isMissingNode()).isTrue();
  }

  /** A hit is logged and counted like any other request. */
  @Test
  void aHitIsARequestLikeAnyOther() throws Exception {
    page.answers(ok(FRESH)).get();
    Response hit = assertHit(page.get("X-Request-Id: 0123456789abcdef"));

    JsonNode line = GATEWAY.process().awaitAccess(hit.need("x-request-id"));

    assertThat(line.path("route").asString("")).isEqualTo("counted");
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("attempts").asInt(-1)).isZero();
    assertThat(line.path("bytesOut").asLong()).isEqualTo(8);
  }

  /** Each answer has the id of its own request. */
  @Test
  void aHitHasARequestIdOfItsOwn() throws Exception {
    page.answers(ok(FRESH, "X-Request-Id: of-the-service"));

    Response first = page.get();
    Response again = assertHit(page.get());

    assertThat(again.headers("x-request-id"))
        .hasSize(1)
        .doesNotContain("of-the-service", first.need("x-request-id"));
  }

  @Test
  void tracesShowFillsAndValidations() throws Exception {
    page.answers(Reply.tagged("\"a\"", "Cache-Control: max-age=0"));

    String fill = Traces.idOf(page.get(), GATEWAY);
    String validation = Traces.idOf(page.get(), GATEWAY);

    Eventually.holds(
        () -> assertThat(CacheGateway.TRACES.spans().tree(fill)).contains("cache fill", "CLIENT"));
    Eventually.holds(
        () ->
            assertThat(CacheGateway.TRACES.spans().tree(validation)).contains("cache revalidate"));
  }

  @Test
  void aHitHasNoSpanOfACall() throws Exception {
    page.answers(ok(FRESH)).get();

    String hit = Traces.idOf(assertHit(page.get()), GATEWAY);

    Eventually.holds(
        () ->
            assertThat(CacheGateway.TRACES.spans().tree(hit))
                .contains("SERVER")
                .doesNotContain("CLIENT", "cache fill"));
  }
}

package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Entries taken away, or marked stale, by who operates the gateway. */
@Once
class PurgeIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String FRESH = "Cache-Control: max-age=60";

  private final Page page = CacheGateway.plain().answers(ok(FRESH));
  private final Page other = CacheGateway.plain().answers(ok(FRESH));

  private static Response admin(String method, String query) throws Exception {
    return RawHttp.call(GATEWAY.process().adminPort(), method + " /actuator/cache" + query);
  }

  private static int purge(String query) throws Exception {
    Response response = admin("DELETE", "?" + query);
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    return response.json().path("purged").asInt(-1);
  }

  private static String url(String url) {
    return "url=" + URLEncoder.encode(url, StandardCharsets.UTF_8);
  }

  private static String url(Page page) {
    return url("http://localhost" + page.target());
  }

  @Test
  void aUrlIsPurged() throws Exception {
    assertStored(page);
    assertStored(other);

    assertThat(purge(url(page))).isOne();

    assertForwarded(page.get(), "uri-miss");
    assertHit(other);
  }

  @Test
  void withItsQuery() throws Exception {
    Page asked = page.with("?a=1&b=%20x");
    assertStored(asked);
    assertStored(page);

    assertThat(purge(url(asked))).isOne();

    assertForwarded(asked.get(), "uri-miss");
    assertHit(page);
  }

  @Test
  void ofTheHostThatClientsName() throws Exception {
    assertStored(page, "Host: one.example:8080");
    assertStored(page, "Host: two.example");

    assertThat(purge(url("http://one.example:8080" + page.target()))).isOne();

    assertForwarded(page.get("Host: one.example:8080"), "uri-miss");
    assertHit(page, "Host: two.example");
  }

  @Test
  void inAllItsVariants() throws Exception {
    page.answers(ok(FRESH, "Vary: X-Foo"));
    assertStored(page, "X-Foo: 1");
    assertStored(page, "X-Foo: 2");

    assertThat(purge(url(page))).isEqualTo(2);

    for (String foo : new String[] {"X-Foo: 1", "X-Foo: 2"}) {
      assertThat(CacheStatus.of(page.get(foo)).is("hit")).isFalse();
    }
  }

  @Test
  void forAllTenantsAndVersions() throws Exception {
    for (String[] fields :
        new String[][] {
          {"/tenants", "X-Tenant: 1", "X-Tenant: 2"}, {"/versioned", "X-Version: 1", "X-Version: 2"}
        }) {
      Page each = CacheGateway.page(fields[0]).answers(ok(FRESH));
      assertStored(each, fields[1]);
      assertStored(each, fields[2]);

      assertThat(purge(url(each))).isEqualTo(2);

      assertForwarded(each.get(fields[1]), "uri-miss");
      assertForwarded(each.get(fields[2]), "uri-miss");
    }
  }

  @Test
  void whatIsNotThereIsNoError() throws Exception {
    assertThat(purge(url(page))).isZero();
    assertThat(purge("tag=nobody-has-it")).isZero();
  }

  @Test
  void aRouteIsPurged() throws Exception {
    Page one = CacheGateway.page("/tagged").answers(ok(FRESH));
    Page two = CacheGateway.page("/tagged").answers(ok(FRESH));
    assertStored(one);
    assertStored(two);
    assertStored(other);

    assertThat(purge("route=tagged")).isGreaterThanOrEqualTo(2);

    assertForwarded(one.get(), "uri-miss");
    assertForwarded(two.get(), "uri-miss");
    assertHit(other);
  }

  @Test
  void aTagIsPurged() throws Exception {
    String tag = "t" + System.nanoTime();
    Page one = CacheGateway.page("/tagged").answers(ok(FRESH, "Cache-Tag: a, " + tag + " ,b"));
    Page two = CacheGateway.page("/tagged").answers(ok(FRESH, "Cache-Tag: c", "Cache-Tag: " + tag));
    Page three = CacheGateway.page("/tagged").answers(ok(FRESH, "Cache-Tag: " + tag + "x"));
    for (Page each : new Page[] {one, two, three}) {
      assertStored(each);
    }

    assertThat(purge("tag=" + tag)).isEqualTo(2);

    assertForwarded(one.get(), "uri-miss");
    assertForwarded(two.get(), "uri-miss");
    assertHit(three);
    assertThat(purge("tag=" + tag)).as("what was stored anew has it again").isEqualTo(2);
  }

  @Test
  void tagsOfARouteThatHasNoneDoNotCount() throws Exception {
    String tag = "t" + System.nanoTime();
    assertStored(page.answers(ok(FRESH, "Cache-Tag: " + tag)));

    assertThat(purge("tag=" + tag)).isZero();

    assertHit(page);
  }

  @Test
  void softlyPurgedItIsStale() throws Exception {
    page.answers(Reply.tagged("\"a\"", FRESH));
    assertStored(page);

    assertThat(purge(url(page) + "&soft=true")).isOne();

    assertThat(CacheAssertions.assertValidated(page.get()).text()).isEqualTo("answer 1");
    assertHit(page);
  }

  @Test
  void andStandsInForAServiceThatFails() throws Exception {
    Page tagged = CacheGateway.page("/tagged").answers(ok(FRESH, "Cache-Tag: soft"), status(503));
    tagged.get();
    assertHit(tagged);

    assertThat(purge("tag=soft&soft=true")).isOne();

    Response response = tagged.get();
    assertThat(response.status()).isEqualTo(200);
    assertThat(CacheStatus.of(response).get("detail")).isEqualTo("stale-if-error");
  }

  @Test
  void hardPurgedItDoesNot() throws Exception {
    Page tagged = CacheGateway.page("/tagged").answers(ok(FRESH, "Cache-Tag: hard"), status(503));
    tagged.get();

    assertThat(purge("tag=hard&soft=false")).isOne();

    assertThat(tagged.get().status()).isEqualTo(503);
  }

  /** What was asked for before the purge is what was before it. */
  @Test
  void anAnswerUnderWayDuringAPurgeIsNotKept() throws Exception {
    Gate gate = new Gate();
    page.answers(Reply.held(gate, ok(FRESH)), ok(FRESH));
    try (RawHttp http = page.begin("GET")) {
      page.await(1);
      purge(url(page));
      gate.open();
      assertThat(http.response("GET").text()).isEqualTo("answer 1");
    }

    assertThat(page.get().text()).isEqualTo("answer 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?",
        "?soft=true",
        "?tag=",
        "?url=",
        "?route=",
        "?foo=bar",
        "?route=plain&tag=a",
        "?url=http%3A%2F%2Fa%2Fb&tag=a",
        "?url=nothing",
        "?url=%2Fplain%2Fa",
        "?tag=a&soft=perhaps",
      })
  void whatIsNotSaidClearlyIsRefused(String query) throws Exception {
    assertStored(page);

    Response response = admin("DELETE", query);

    assertThat(response.status()).as("%s", response).isEqualTo(400);
    assertThat(response.json().path("error").asString("")).isNotBlank();
    assertHit(page);
  }

  @Test
  void whatIsStoredIsTold() throws Exception {
    JsonNode before = admin("GET", "").json();
    assertStored(page.answers(Reply.body("x".repeat(10_000), FRESH)));

    JsonNode now = admin("GET", "").json();

    assertThat(now.path("entries").asLong()).isEqualTo(before.path("entries").asLong() + 1);
    assertThat(now.path("bytes").asLong() - before.path("bytes").asLong())
        .isBetween(10_000L, 20_000L);
    assertThat(now.path("maxBytes").asLong()).isGreaterThan(now.path("bytes").asLong());
  }

  @Test
  void theAdminApiIsNotForClients() throws Exception {
    Response response = RawHttp.call(GATEWAY.port(), "DELETE /actuator/cache?route=plain");

    assertThat(response.status()).isEqualTo(404);
  }
}

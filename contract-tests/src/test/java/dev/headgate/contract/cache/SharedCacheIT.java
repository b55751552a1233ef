package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.RedisServer;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two gateways with one Redis behind their own stores. */
class SharedCacheIT {
  /** What a busy machine takes for what is said to be instant. */
  private static final long AT_ONCE_MILLIS = 1_000;

  private static final CachedService SERVICE = new CachedService();
  private static final RedisServer REDIS = RedisServer.start();
  private static final Reply FRESH = ok("Cache-Control: max-age=300");

  private static ConfigRepo repo() {
    return ConfigRepo.create()
        .with("service", SERVICE.url())
        .with("redis", REDIS.port())
        .gateway(
            """
            headgate.store.redis.uri: redis://127.0.0.1:@redis@
            headgate.cache.redis: true
            """)
        .upstreams(
            """
            upstreams:
              service: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: none}
            """)
        .routes(
            """
            defaults: {route: {retry: {max-attempts: 1}}}
            routes:
              shop: {match: {path: /shop/**}, upstream: service, cache: {tags-from: Cache-Tag, max-entry: 4MiB}}
              erring: {match: {path: /erring/**}, upstream: service, cache: {stale-if-error: 10m}}
              tenants: {match: {path: /tenants/**}, upstream: service, cache: {vary-by: [X-Tenant]}}
            """);
  }

  @RegisterExtension
  static final SharedGateway ONE = SharedGateway.over(repo()).named("SharedCache/one");

  @RegisterExtension
  static final SharedGateway TWO = SharedGateway.over(repo()).named("SharedCache/two");

  /** Of the Redis that both share. */
  enum Trouble {
    KILLED {
      @Override
      void begin() {
        REDIS.kill();
      }

      @Override
      void end() {
        REDIS.restart();
      }
    },
    PAUSED {
      @Override
      void begin() {
        REDIS.pause();
      }

      @Override
      void end() {
        REDIS.resume();
      }
    },
    OUT_OF_MEMORY {
      @Override
      void begin() {
        REDIS.set("maxmemory", "1");
      }

      @Override
      void end() {
        REDIS.set("maxmemory", "0");
      }
    };

    abstract void begin();

    abstract void end();
  }

  private final Page page = at("/shop").answers(FRESH);

  private static Page at(String prefix) {
    return Page.fresh(SERVICE, ONE::port, prefix);
  }

  private static Page other(Page page) {
    return page.at(TWO::port);
  }

  @BeforeEach
  void bothShareWhatTheyHave() {
    AtomicReference<@Nullable Page> last = new AtomicReference<>();
    Eventually.holds(
        () -> {
          Page probe = at("/shop").answers(FRESH);
          probe.get();
          Page earlier = last.getAndSet(probe);
          assertThat(earlier).isNotNull();
          assertHit(other(Objects.requireNonNull(earlier)).get());
        });
  }

  /** One gets it, and the other has it soon. */
  private static void share(Page page, String... fields) throws Exception {
    long before = page.count();
    int keys = REDIS.keys().size();
    assertThat(page.get(fields).status()).isEqualTo(200);
    Eventually.holds(() -> assertThat(REDIS.keys().size()).isGreaterThan(keys));
    Response response = assertHit(other(page).get(fields));
    assertThat(response.headers("age")).hasSize(1);
    assertThat(page.count()).isEqualTo((int) before + 1);
  }

  private static int purge(SharedGateway gateway, String query) throws Exception {
    int port = gateway.process().adminPort();
    Response response = RawHttp.call(port, "DELETE /actuator/cache?" + query);
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    return response.json().path("purged").asInt(-1);
  }

  private static String url(Page page) {
    String url = "http://localhost" + page.target();
    return "url=" + URLEncoder.encode(url, StandardCharsets.UTF_8);
  }

  /** A gateway does not serve this any more, within what counts as at once. */
  private static void assertGoneAtOnce(Page page, Response old) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AT_ONCE_MILLIS);
    Response response = page.get();
    while (response.text().equals(old.text()) && System.nanoTime() < end) {
      response = page.get();
    }
    assertThat(response.text()).as("%s", response).isNotEqualTo(old.text());
  }

  @Test
  void whatOneHasFetchedTheOtherHas() throws Exception {
    page.answers(ok("Cache-Control: max-age=300", "Age: 100", "X-Many: a", "X-Many: b"));

    share(page);

    Response there = assertHit(other(page), "X-Any: 1");
    assertThat(there.headers("x-many")).containsExactly("a", "b");
    assertThat(CacheStatus.of(there).ttl()).isBetween(190L, 200L);
    assertThat(Integer.parseInt(there.need("age"))).isBetween(100, 110);
    assertHit(page);
  }

  @Test
  void largeOnesToo() throws Exception {
    page.answers(Reply.body("0123456789".repeat(200_000), "Cache-Control: max-age=300"));

    share(page);

    assertThat(other(page).get().body()).hasSize(2_000_000);
  }

  @Test
  void variantsAndTenantsStayApart() throws Exception {
    page.answers(ok("Cache-Control: max-age=300", "Vary: X-Foo"));
    share(page, "X-Foo: 1");
    assertThat(other(page).get("X-Foo: 2").text()).isEqualTo("answer 2");

    Page tenants = at("/tenants").answers(FRESH);
    share(tenants, "X-Tenant: red");
    assertThat(other(tenants).get("X-Tenant: blue").text()).isEqualTo("answer 2");
  }

  @Test
  void staleOnesAreSharedToo() throws Exception {
    Page erring = at("/erring");
    erring.answers(ok("Cache-Control: max-age=100", "Age: 150"), status(503));
    int keys = REDIS.keys().size();
    erring.get();
    Eventually.holds(() -> assertThat(REDIS.keys().size()).isGreaterThan(keys));

    Response response = other(erring).get();

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("answer 1");
    assertThat(CacheStatus.of(response).get("detail")).isEqualTo("stale-if-error");
  }

  @Test
  void validatorsOfTheOneServeTheOther() throws Exception {
    page.answers(Reply.tagged("\"a\"", "Cache-Control: max-age=0"));
    int keys = REDIS.keys().size();
    page.get();
    Eventually.holds(() -> assertThat(REDIS.keys().size()).isGreaterThan(keys));

    assertThat(CacheAssertions.assertValidated(other(page).get()).text()).isEqualTo("answer 1");
  }

  @Test
  void aPurgeAtOneIsSeenAtTheOtherAtOnce() throws Exception {
    share(page);
    Response old = assertHit(other(page));

    assertThat(purge(ONE, url(page))).isPositive();

    assertGoneAtOnce(other(page), old);
    assertGoneAtOnce(page, old);
  }

  @Test
  void soIsOneByTagAndByRoute() throws Exception {
    String tag = "t" + System.nanoTime();
    page.answers(ok("Cache-Control: max-age=300", "Cache-Tag: " + tag));
    for (String query : new String[] {"tag=" + tag, "route=shop"}) {
      share(page);
      Response old = assertHit(other(page));

      purge(TWO, query);

      assertGoneAtOnce(page, old);
      assertGoneAtOnce(other(page), old);
      purge(ONE, url(page));
      REDIS.ask("FLUSHALL");
    }
  }

  /** Softly purged it is asked about before it is served, wherever it is. */
  @Test
  void soIsOneThatIsSoft() throws Exception {
    page.answers(Reply.tagged("\"a\"", "Cache-Control: max-age=300"));
    share(page);
    assertHit(other(page));

    purge(TWO, url(page) + "&soft=true");

    Eventually.holds(
        () -> {
          page.get();
          assertThat(page.count()).isGreaterThan(1);
        });
    assertThat(page.received(2).header("if-none-match")).isEqualTo("\"a\"");
    assertThat(page.get().text()).isEqualTo("answer 1");
  }

  /** What only the other has heard of is purged too. */
  @Test
  void aPurgeReachesWhatIsOnlyAtTheOther() throws Exception {
    page.get();
    Response old = assertHit(page);

    purge(TWO, url(page));

    assertGoneAtOnce(page, old);
  }

  @Test
  void aChangeThroughOneIsSeenAtTheOther() throws Exception {
    share(page.on("PUT", ok()));
    Response old = assertHit(other(page));

    page.send("PUT", "new");

    assertThat(page.get().text()).isNotEqualTo(old.text());
    assertGoneAtOnce(other(page), old);
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void withoutRedisEachGoesOnWithItsOwn(Trouble trouble) throws Exception {
    share(page);
    Page later = at("/shop").answers(FRESH);
    trouble.begin();
    try {
      for (Page each : new Page[] {page, other(page)}) {
        assertThat(assertInTime(each).text()).isEqualTo("answer 1");
        assertHit(each);
      }
      for (Page each : new Page[] {later, other(later)}) {
        assertForwarded(assertInTime(each), "uri-miss");
        assertHit(each);
      }
      for (int i = 0; i < 20; i++) {
        assertInTime(at("/shop").answers(FRESH));
      }
    } finally {
      trouble.end();
    }
    bothShareWhatTheyHave();
    assertHit(page);
    assertHit(later);
  }

  /** The limit of one call to Redis, 500 ms, and what a busy machine takes besides. */
  private static Response assertInTime(Page page) throws Exception {
    long start = System.nanoTime();
    Response response = page.get();
    assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(1_500);
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    return response;
  }

  /** Redis comes back with what it had; what was changed meanwhile does not come back with it. */
  @Test
  void whatWasChangedDuringAnOutageStaysChanged() throws Exception {
    share(page.on("PUT", ok()));
    REDIS.kill();
    try {
      page.send("PUT", "new");
    } finally {
      REDIS.restart();
    }
    bothShareWhatTheyHave();

    assertThat(page.get().text()).isNotEqualTo("answer 1");
  }

  @Test
  void whatRedisHasAndNobodyWroteIsNotServed() throws Exception {
    int keys = REDIS.keys().size();
    page.get();
    Eventually.holds(() -> assertThat(REDIS.keys().size()).isGreaterThan(keys));
    for (String key : REDIS.keys()) {
      REDIS.ask("DEL", key);
      REDIS.ask("SET", key, "\u0001\u0002 garbage");
    }

    Response response = other(page).get();

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.text()).isEqualTo("answer 2");
    REDIS.ask("FLUSHALL");
  }

  @Test
  void entriesInRedisEndByThemselves() throws Exception {
    int before = REDIS.keys().size();
    page.get();
    Eventually.holds(() -> assertThat(REDIS.keys().size()).isGreaterThan(before));

    assertThat(REDIS.keys()).anyMatch(key -> Long.parseLong(REDIS.ask("PTTL", key)) > 0);
  }
}

package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.Reply.ok;
import static dev.headgate.contract.cache.Reply.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code Cache-Status} says (RFC 9211). Stale answers and waiting have their own classes. */
@Once
class CacheStatusIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String FRESH = "Cache-Control: max-age=60";
  private static final String ETAG = "ETag: \"a\"";

  private final Page page = CacheGateway.plain();

  /** The parameters but {@code ttl}, in the order of RFC 9211. */
  private static void assertStatus(Response response, String expected) {
    CacheStatus status = CacheStatus.of(response);
    assertThat(status.cache()).isEqualTo("Headgate");
    StringBuilder text = new StringBuilder();
    for (String name : List.of("hit", "fwd", "fwd-status", "stored", "collapsed", "detail")) {
      String value = status.get(name);
      if (value != null) {
        text.append("; ").append(value.equals("?1") ? name : name + "=" + value);
      }
    }
    assertThat(text).as("%s", response).hasToString(expected.isEmpty() ? "" : "; " + expected);
    long ours =
        CacheStatus.all(response).stream().filter(s -> s.cache().equals("Headgate")).count();
    assertThat(ours).as("%s", response).isOne();
  }

  @Test
  void aMissThatIsStored() throws Exception {
    assertStatus(page.answers(ok(FRESH)).get(), "fwd=uri-miss; stored");
  }

  @Test
  void aMissThatIsNot() throws Exception {
    assertStatus(page.answers(ok("Cache-Control: no-store")).get(), "fwd=uri-miss");
  }

  @Test
  void aHitAndHowLongItIsFresh() throws Exception {
    page.answers(ok("Cache-Control: max-age=100", "Age: 40")).get();

    Response response = page.get();

    assertStatus(response, "hit");
    assertThat(CacheStatus.of(response).ttl()).isBetween(56L, 60L);
    assertThat(CacheStatus.of(response).ttl() + Long.parseLong(response.need("age")))
        .isBetween(99L, 100L);
  }

  @Test
  void a304AndA206AreHitsToo() throws Exception {
    page.answers(ok(FRESH, ETAG)).get();

    assertStatus(page.get("If-None-Match: \"a\""), "hit");
    assertStatus(page.get("Range: bytes=0-1"), "hit");
    assertStatus(page.head(), "hit");
  }

  @Test
  void anotherVariant() throws Exception {
    page.answers(ok(FRESH, "Vary: X-Foo")).get("X-Foo: 1");

    assertStatus(page.get("X-Foo: 2"), "fwd=vary-miss; stored");
  }

  @Test
  void whatTheClientAskedFor() throws Exception {
    page.answers(ok(FRESH, "Age: 20")).get();

    assertStatus(page.get("Cache-Control: no-cache"), "fwd=request; fwd-status=200; stored");
    assertStatus(page.get("Cache-Control: max-age=10"), "fwd=request; fwd-status=200; stored");
    assertStatus(page.get("Cache-Control: min-fresh=50"), "fwd=request; fwd-status=200; stored");
    assertStatus(page.get("Pragma: no-cache"), "fwd=request; fwd-status=200; stored");
  }

  @Test
  void noStoreOfTheClient() throws Exception {
    assertStatus(
        page.answers(ok(FRESH)).get("Cache-Control: no-store"), "fwd=request; fwd-status=200");
  }

  @Test
  void aValidation() throws Exception {
    page.answers(Reply.tagged("\"a\"", "Cache-Control: max-age=0")).get();

    assertStatus(page.get(), "fwd=stale; fwd-status=304");
  }

  @Test
  void aReplacement() throws Exception {
    page.answers(ok("Cache-Control: max-age=0", ETAG), ok(FRESH)).get();

    assertStatus(page.get(), "fwd=stale; fwd-status=200; stored");
  }

  @Test
  void aMethodThatIsNotAnsweredFromTheStore() throws Exception {
    page.answers(ok(FRESH));

    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "NEWLY")) {
      assertStatus(page.call(method, "Content-Length: 0"), "fwd=method");
    }
  }

  @Test
  void requestsThatPassBy() throws Exception {
    page.answers(ok("Cache-Control: no-store"));

    assertStatus(page.send("GET", "body"), "fwd=bypass");
    assertStatus(page.get("If-Match: \"a\""), "fwd=bypass");
  }

  @Test
  void aRangeOfWhatIsNotThere() throws Exception {
    page.answers(ok("Cache-Control: no-store"));

    assertStatus(page.get("Range: bytes=0-1"), "fwd=uri-miss");
  }

  @Test
  void nothingForwardedAndNothingStored() throws Exception {
    assertStatus(page.get("Cache-Control: only-if-cached"), "detail=only-if-cached");
  }

  @Test
  void anErrorOfTheGateway() throws Exception {
    Response response = CacheGateway.page("/closed").get();

    assertThat(response.status()).isEqualTo(502);
    assertStatus(response, "fwd=uri-miss");
  }

  @Test
  void itStandsBehindThatOfAnotherCache() throws Exception {
    String theirs = "Cache-Status: \"Far, \\\"away\\\"\"; hit; ttl=5; key=\"a,b\", Near;fwd=miss";
    page.answers(ok(FRESH, theirs));

    for (String own : new String[] {"fwd=uri-miss; stored", "hit", "hit"}) {
      Response response = page.get();
      assertStatus(response, own);
      assertThat(CacheStatus.all(response)).extracting(CacheStatus::cache).hasSize(3);
      assertThat(response.headers("cache-status").get(0)).isEqualTo(theirs.split(": ", 2)[1]);
    }
  }

  @Test
  void evenBehindAnotherOfTheSameName() throws Exception {
    page.answers(ok(FRESH, "Cache-Status: Headgate; fwd=uri-miss"));
    page.get();

    Response response = page.get();

    assertThat(CacheStatus.all(response)).hasSize(2);
    assertThat(CacheStatus.of(response).is("hit")).isTrue();
  }

  @Test
  void aRouteWithoutACacheHasNone() throws Exception {
    Page uncached = CacheGateway.page("/uncached").answers(ok(FRESH));

    assertThat(uncached.get().headers("cache-status")).isEmpty();
    assertThat(uncached.post().headers("cache-status")).isEmpty();
  }

  @Test
  void aFailureThatIsPassedOn() throws Exception {
    page.answers(ok("Cache-Control: max-age=0", ETAG), status(503)).get();

    assertStatus(page.get(), "fwd=stale; fwd-status=503");
  }
}

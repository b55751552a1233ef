package dev.headgate.contract.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import java.io.IOException;

/** How an answer shows where it came from. */
final class CacheAssertions {
  /** Seconds that may pass within a case on a busy machine. */
  private static final long SLACK = 4;

  private CacheAssertions() {}

  /** Fresh, and from the store, or from that which gateways share. */
  static Response assertHit(Response response) {
    CacheStatus status = CacheStatus.of(response);
    assertThat(status.is("hit")).as("%s", response).isTrue();
    assertThat(status.get("fwd")).as("%s", response).isNull();
    assertThat(status.get("detail")).as("%s", response).isIn(null, "shared");
    assertThat(status.ttl()).as("%s", response).isNotNegative();
    return assertAged(response);
  }

  /** A hit that was there when a number of requests had reached the service, and no more since. */
  static Response assertHit(Page page, String... fields) throws IOException {
    int before = page.count();
    Response response = assertHit(page.get(fields));
    assertThat(page.count()).as("%s", response).isEqualTo(before);
    return response;
  }

  /** Out of date, and from the store without the service. */
  static Response assertStale(Response response, String detail) {
    CacheStatus status = CacheStatus.of(response);
    assertThat(status.is("hit")).as("%s", response).isTrue();
    assertThat(status.get("detail")).as("%s", response).isEqualTo(detail);
    assertThat(status.ttl()).as("%s", response).isNotPositive();
    return assertAged(response);
  }

  private static Response assertAged(Response response) {
    assertThat(response.headers("age")).as("%s", response).hasSize(1);
    assertThat(response.need("age")).as("%s", response).matches("[0-9]+");
    return response;
  }

  /** Asked of the service, for this reason. */
  static Response assertForwarded(Response response, String reason) {
    CacheStatus status = CacheStatus.of(response);
    assertThat(status.get("fwd")).as("%s", response).isEqualTo(reason);
    assertThat(status.parameters()).as("%s", response).doesNotContainKey("hit");
    return response;
  }

  /** Asked of the service, which knew nothing newer. */
  static Response assertValidated(Response response) {
    assertForwarded(response, "stale");
    assertThat(CacheStatus.of(response).get("fwd-status")).as("%s", response).isEqualTo("304");
    return response;
  }

  /** Asks twice: the second answer is the first one, from the store. Gives the second. */
  static Response assertStored(Page page, String... fields) throws IOException {
    int before = page.count();
    Response first = page.get(fields);
    assertThat(CacheStatus.of(first).is("stored")).as("%s", first).isTrue();
    Response again = assertHit(page.get(fields));
    assertThat(again.status()).isEqualTo(first.status());
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(page.count()).as("%s", again).isEqualTo(before + 1);
    return again;
  }

  /** Asks twice: the second request reaches the service too, as if there had been no first. */
  static Response assertNotStored(Page page, String... fields) throws IOException {
    int before = page.count();
    Response first = page.get(fields);
    assertThat(CacheStatus.of(first).is("stored")).as("%s", first).isFalse();
    Response again = page.get(fields);
    assertThat(CacheStatus.of(again).is("hit")).as("%s", again).isFalse();
    assertThat(page.count()).as("%s", again).isEqualTo(before + 2);
    assertUnconditional(page.last());
    return again;
  }

  static void assertUnconditional(Received request) {
    assertThat(request.header("if-none-match")).as("%s", request.head()).isNull();
    assertThat(request.header("if-modified-since")).as("%s", request.head()).isNull();
  }

  /** What is stored is fresh for so many seconds more. */
  static void assertFreshFor(long seconds, Page page) throws IOException {
    Response again = assertStored(page);
    assertThat(CacheStatus.of(again).ttl()).as("%s", again).isBetween(seconds - SLACK, seconds + 1);
  }

  /** Whether it is stored or not, it is not used without asking the service. */
  static void assertNotFresh(Page page) throws IOException {
    Response first = page.get();
    assertThat(first.status()).as("%s", first).isLessThan(500);
    Response again = page.get();
    assertThat(CacheStatus.of(again).is("hit")).as("%s", again).isFalse();
    assertThat(page.count()).as("%s", again).isEqualTo(2);
  }
}

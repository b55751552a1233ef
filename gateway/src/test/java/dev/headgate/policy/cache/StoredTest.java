package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.NOW;
import static dev.headgate.policy.cache.Samples.fresh;
import static dev.headgate.policy.cache.Samples.head;
import static dev.headgate.policy.cache.Samples.stored;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredTest {
  private final Stored stored = stored(head(200, fresh(10), "etag: \"a\""), "abc");

  // What is left is rounded up while it is fresh; for how long it is stale, always.
  @ParameterizedTest
  @CsvSource({
    "-5000,0,10,-10",
    "0,0,10,-10",
    "1,0,10,-9",
    "999,0,10,-9",
    "1000,1,9,-9",
    "9999,9,1,0",
    "10000,10,0,0",
    "10001,10,0,1",
    "11000,11,-1,1",
    "11999,11,-1,2",
    "12000,12,-2,2",
  })
  void itAgesInWholeSeconds(long after, long age, long ttl, long stale) {
    Stored.Use use = stored.useAt(NOW + after);
    assertThat(use.age()).isEqualTo(age);
    assertThat(use.ttl()).isEqualTo(ttl);
    assertThat(Math.max(0, use.stale())).isEqualTo(Math.max(0, stale));
  }

  @Test
  void whatIsSaidToBeStaleIsSoFromThenOn() {
    Stored marked = stored.stale(NOW + 3_000);

    assertThat(marked.useAt(NOW + 3_000)).isEqualTo(new Stored.Use(3, 0, 0));
    assertThat(marked.useAt(NOW + 5_000)).isEqualTo(new Stored.Use(5, -2, 2));
    assertThat(marked.stale(NOW + 9_000).staleSince()).isEqualTo(NOW + 3_000);
    assertThat(marked.useAt(NOW + 12_000).ttl()).isEqualTo(-9);
    assertThat(stored.stale(NOW + 30_000).useAt(NOW + 12_000).ttl()).isEqualTo(-2);
    assertThat(marked.isSame(stored)).isTrue();
  }

  @Test
  void anotherHeadIsFreshAgain() {
    Stored renewed = stored.stale(NOW).with(head(200, fresh(60), "etag: \"a\""));

    assertThat(renewed.useAt(NOW).ttl()).isEqualTo(60);
    assertThat(renewed.isSame(stored)).isTrue();
    assertThat(renewed.isSame(stored(head(200, fresh(60)), "abc"))).isFalse();
  }

  @Test
  void whatTheStoreHasLetGoCannotBeHeld() {
    assertThat(stored.hold()).isTrue();
    stored.letGo();
    stored.letGo();

    assertThat(stored.hold()).isFalse();
  }

  @Test
  void itWeighsWhatItTakes() {
    Stored more = stored(head(200, fresh(10), "etag: \"a\"", "x-a: " + "v".repeat(500)), "abc");

    assertThat(stored.weight()).isGreaterThan(stored.content().capacity());
    assertThat(more.weight() - stored.weight()).isGreaterThan(500);
  }
}

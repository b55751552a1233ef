package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Property;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddedModelTest {
  private static final int LIVES = 2_000;

  @Test
  void theStoreIsTheModel() {
    Property.forAll(
        LIVES,
        random -> {
          AtomicLong now = new AtomicLong(random.nextLong());
          EmbeddedStore store = new EmbeddedStore(64 << 20, now::get);
          new StoreModel(store, time -> now.addAndGet(time.toNanos()), random, "m:").live();
        });
  }

  @ParameterizedTest
  @EnumSource
  void aMistakeIsFound(MutantStore.Mistake mistake) {
    assertThatThrownBy(
            () ->
                Property.forAll(
                    LIVES,
                    random -> {
                      AtomicLong now = new AtomicLong();
                      EmbeddedStore store = new EmbeddedStore(64 << 20, now::get);
                      new StoreModel(
                              new MutantStore(store, mistake),
                              time -> now.addAndGet(time.toNanos()),
                              random,
                              "m:")
                          .live();
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(Property.SEED);
  }
}

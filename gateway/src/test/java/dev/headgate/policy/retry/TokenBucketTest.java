package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static TokenBucket bucket(double percent, int perSecond) {
    return new TokenBucket(TokenBucket.Limits.of(percent, perSecond));
  }

  private static int drain(TokenBucket bucket, long now) {
    int taken = 0;
    while (bucket.withdraw(now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void fiveRequestsPayForOneRetry() {
    TokenBucket bucket = bucket(20, 0);
    for (int i = 0; i < 4; i++) {
      bucket.deposit();
    }
    assertThat(bucket.withdraw(0)).isFalse();

    bucket.deposit();

    assertThat(bucket.withdraw(0)).isTrue();
    assertThat(bucket.withdraw(0)).isFalse();
  }

  @Test
  void theFloorIsThereFromTheBeginningAndComesBackWithTime() {
    TokenBucket bucket = bucket(20, 3);
    assertThat(drain(bucket, 0)).isEqualTo(3);
    assertThat(drain(bucket, SECOND / 3 + 1_000_000)).isEqualTo(1);
    assertThat(drain(bucket, 2 * SECOND)).isEqualTo(3);
    // A night without a request saves nothing.
    assertThat(drain(bucket, 10_000 * SECOND)).isEqualTo(3);
  }

  /** A request at even distances, each of which wants all the tokens there are. */
  private static int taken(TokenBucket bucket, int requests, int perSecond) {
    int taken = 0;
    for (int i = 0; i < requests; i++) {
      bucket.deposit();
      taken += drain(bucket, i * (SECOND / perSecond) + 5_000_000);
    }
    return taken;
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 30, 100, 1_000})
  void theFloorIsNothingOnTopOfTheShare(int perSecond) {
    assertThat(taken(bucket(20, 3), 3_000, perSecond)).isBetween(590, 603);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 14})
  void fewRequestsHaveTheFloor(int perSecond) {
    int seconds = 3_000 / perSecond;
    assertThat(taken(bucket(20, 3), 3_000, perSecond))
        .isBetween(3 * (seconds - 1), 3 * seconds + 3);
  }

  @Test
  void theFloorIsNothingOnTopOfWhatAStormBringsInAtOnce() {
    TokenBucket bucket = bucket(20, 3);
    for (int i = 0; i < 50; i++) {
      bucket.deposit();
    }
    int taken = 0;
    for (long now = 0; now < SECOND; now += SECOND / 100) {
      taken += drain(bucket, now);
    }
    assertThat(taken).isEqualTo(10);
  }

  @Test
  void timeIsNotLostToRounding() {
    TokenBucket bucket = bucket(0, 3);
    drain(bucket, 0);
    int taken = 0;
    for (long now = 0; now <= 10 * SECOND; now += 10_000) {
      taken += bucket.withdraw(now) ? 1 : 0;
    }
    assertThat(taken).isBetween(29, 30);
  }

  @Test
  void savingsAreLimited() {
    TokenBucket bucket = bucket(20, 3);
    for (int i = 0; i < 10_000; i++) {
      bucket.deposit();
    }
    assertThat(drain(bucket, 0)).isEqualTo(30);
    TokenBucket floorless = bucket(100, 0);
    for (int i = 0; i < 10_000; i++) {
      floorless.deposit();
    }
    assertThat(drain(floorless, 0)).isEqualTo(10);
  }

  @Test
  void otherLimitsApplyAtOnce() {
    TokenBucket bucket = bucket(100, 100);
    for (int i = 0; i < 10_000; i++) {
      bucket.deposit();
    }

    bucket.limits(TokenBucket.Limits.of(20, 3));

    assertThat(drain(bucket, 0)).isEqualTo(30);
  }

  @Test
  void aTokenGivenBackIsThereAgain() {
    TokenBucket bucket = bucket(20, 1);
    assertThat(bucket.withdraw(0)).isTrue();
    bucket.giveBack();
    assertThat(drain(bucket, 0)).isEqualTo(1);
  }

  /** Whatever the order: never more than share, floor and savings together. */
  @Test
  void extraLoadStaysWithinTheBudget() {
    Property.forAll(
        300,
        random -> {
          int percent = random.nextInt(101);
          int perSecond = random.nextInt(10);
          TokenBucket bucket = bucket(percent, perSecond);
          long now = 0;
          int requests = 0;
          int taken = 0;
          for (int i = 0; i < 3_000; i++) {
            now += random.nextInt(20_000_000);
            if (Property.chance(random, 50)) {
              bucket.deposit();
              requests++;
            } else {
              taken += bucket.withdraw(now) ? 1 : 0;
            }
          }
          double most = requests * percent / 100.0 + perSecond * (1 + now / (double) SECOND);
          assertThat((double) taken).isLessThanOrEqualTo(most + 0.001);
        });
  }

  @Test
  void manyThreadsTakeNoTokenTwice() throws Exception {
    TokenBucket bucket = bucket(20, 0);
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 50_000; i++) {
                  bucket.deposit();
                  if (bucket.withdraw(0)) {
                    taken.incrementAndGet();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int left = drain(bucket, 0);
    assertThat(taken.get() + left).isEqualTo(40_000);
  }
}

package dev.headgate.policy.breaker;

import static dev.headgate.policy.breaker.Breakers.PLAIN;
import static dev.headgate.policy.breaker.Breakers.acquired;
import static dev.headgate.policy.breaker.Breakers.fail;
import static dev.headgate.policy.breaker.Breakers.letThrough;
import static dev.headgate.policy.breaker.Breakers.openFor;
import static dev.headgate.policy.breaker.Breakers.ramping;
import static dev.headgate.policy.breaker.Breakers.slow;
import static dev.headgate.policy.breaker.Breakers.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  private final Breakers time = new Breakers();

  private Breaker opened(BreakerConfig config) {
    Breaker breaker = time.of(config);
    fail(breaker, 4);
    assertThat(breaker.word()).isEqualTo("open");
    return breaker;
  }

  private Breaker halfOpen(BreakerConfig config) {
    Breaker breaker = opened(config);
    time.advance(config.openFor().plus(MILLI));
    return breaker;
  }

  private Breaker closedAgain(BreakerConfig config) {
    Breaker breaker = halfOpen(config);
    succeed(breaker, 3);
    return breaker;
  }

  @Test
  void opensAtItsRateOnceThereAreEnough() {
    Breaker breaker = time.of(PLAIN);
    fail(breaker, 3);
    assertThat(breaker.word()).as("too few to judge").isEqualTo("closed");
    fail(breaker, 1);

    assertThat(breaker.word()).isEqualTo("open");
    assertThat(breaker.tryAcquire()).isNull();
  }

  @Test
  void staysClosedBelowItsRate() {
    Breaker breaker = time.of(PLAIN);
    for (int i = 0; i < 20; i++) {
      succeed(breaker, 2);
      fail(breaker, 1);
    }

    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void slowAnswersOpenItToo() {
    Breaker breaker = time.of(slow(Duration.ofSeconds(2)));
    long two = Duration.ofSeconds(2).toNanos();
    acquired(breaker, 4).forEach(p -> breaker.succeeded(p, two));
    assertThat(breaker.word()).as("not slower than that").isEqualTo("closed");

    acquired(breaker, 6).forEach(p -> breaker.succeeded(p, two + 1));
    assertThat(breaker.word()).isEqualTo("closed");
    acquired(breaker, 2).forEach(p -> breaker.succeeded(p, two + 1));

    assertThat(breaker.word()).isEqualTo("open");
  }

  @Test
  void withoutSlowCallNothingIsSlow() {
    Breaker breaker = time.of(PLAIN);

    acquired(breaker, 10).forEach(p -> breaker.succeeded(p, Duration.ofDays(1).toNanos()));

    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void tellsHowLongItStaysOpen() {
    Breaker breaker = opened(PLAIN);
    assertThat(breaker.retryAfterSeconds()).isEqualTo(10);
    time.advance(Duration.ofMillis(8_001));
    assertThat(breaker.retryAfterSeconds()).isEqualTo(2);
    time.advance(Duration.ofMillis(1_999));
    assertThat(breaker.retryAfterSeconds()).isEqualTo(1);
    assertThat(breaker.tryAcquire()).isNull();

    time.advance(MILLI);

    assertThat(breaker.tryAcquire()).isNotNull();
  }

  @Test
  void halfOpenLetsItsTriesThroughAndNoMore() {
    Breaker breaker = halfOpen(PLAIN);

    List<Permission> tries = acquired(breaker, 3);

    assertThat(breaker.word()).isEqualTo("half-open");
    assertThat(breaker.tryAcquire()).isNull();
    assertThat(breaker.retryAfterSeconds()).isEqualTo(1);
    tries.forEach(p -> breaker.succeeded(p, 0));
    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void halfOpenOpensAgainWhereTheyFail() {
    Breaker breaker = halfOpen(PLAIN);

    fail(breaker, 2);
    succeed(breaker, 1);

    assertThat(breaker.word()).isEqualTo("open");
    assertThat(breaker.retryAfterSeconds()).isEqualTo(10);
  }

  @Test
  void aTryThatWasNotMadeIsAnothers() {
    Breaker breaker = halfOpen(PLAIN);
    Permission first = acquired(breaker);
    acquired(breaker, 2);
    assertThat(breaker.tryAcquire()).isNull();

    breaker.unused(first);
    breaker.unused(first);

    assertThat(breaker.tryAcquire()).isNotNull();
    assertThat(breaker.tryAcquire()).isNull();
  }

  @Test
  void whatWasPermittedBeforeItOpenedIsNoTrial() {
    Breaker breaker = time.of(PLAIN);
    List<Permission> before = acquired(breaker, 4);
    fail(breaker, 4);
    time.advance(PLAIN.openFor().plus(MILLI));
    acquired(breaker, 3);

    breaker.unused(before.get(0));
    assertThat(breaker.tryAcquire()).as("a permission of the closed state").isNull();
    breaker.succeeded(before.get(1), 0);
    breaker.succeeded(before.get(2), 0);
    breaker.succeeded(before.get(3), 0);

    assertThat(breaker.word()).isEqualTo("half-open");
  }

  @Test
  void triesThatDoNotEndAreJudgedByTheirHeads() {
    Breaker breaker = halfOpen(PLAIN);
    List<Permission> tries = acquired(breaker, 3);
    tries.get(0).answered(5);
    tries.get(1).answered(5);
    time.advance(Duration.ofSeconds(60).minus(MILLI));
    assertThat(breaker.tryAcquire()).isNull();

    time.advance(MILLI);

    assertThat(breaker.tryAcquire()).isNotNull();
    assertThat(breaker.word()).isEqualTo("closed");
    tries.forEach(p -> breaker.failed(p, 0));
    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void aServiceThatNeverAnswersDoesNotKeepItHalfOpen() {
    Breaker breaker = halfOpen(PLAIN);
    acquired(breaker, 3);
    time.advance(Duration.ofSeconds(60));

    assertThat(breaker.tryAcquire()).isNull();
    assertThat(breaker.word()).isEqualTo("open");
    time.advance(PLAIN.openFor().plus(MILLI));
    assertThat(breaker.tryAcquire()).isNotNull();
  }

  @Test
  void oneTrialAloneIsEnough() {
    BreakerConfig single =
        new BreakerConfig(
            50, Statuses.SERVER_ERRORS, null, 80, 1, 1, Duration.ofSeconds(1), 1, Duration.ZERO);
    Breaker breaker = time.of(single);
    List<Permission> before = acquired(breaker, 3);
    before.forEach(p -> breaker.failed(p, 0));
    time.advance(Duration.ofMillis(1_001));

    succeed(breaker, 1);

    assertThat(breaker.word()).isEqualTo("closed");
    succeed(breaker, 5);
  }

  @Test
  void admissionRampsUp() {
    Breaker breaker = closedAgain(ramping(Duration.ofSeconds(10)));
    assertThat(breaker.word()).isEqualTo("ramp-up");
    assertThat(breaker.tryAcquire()).as("the first at once").isNotNull();

    assertThat(letThrough(breaker, 1_000)).isCloseTo(100, within(2));
    time.advance(Duration.ofSeconds(5));
    assertThat(letThrough(breaker, 1_000)).isCloseTo(550, within(2));
    assertThat(breaker.retryAfterSeconds()).isEqualTo(1);
    time.advance(Duration.ofSeconds(5));
    assertThat(letThrough(breaker, 1_000)).isEqualTo(1_000);
    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void withoutARampEverythingPasses() {
    assertThat(letThrough(closedAgain(PLAIN), 100)).isEqualTo(100);
  }

  @Test
  void failingAgainWhileItRampsItOpensAgain() {
    Breaker breaker = closedAgain(ramping(Duration.ofSeconds(10)));
    int failures = 0;
    for (int i = 0; i < 100; i++) {
      Permission permission = breaker.tryAcquire();
      if (permission != null) {
        breaker.failed(permission, 0);
        failures++;
      }
    }

    assertThat(breaker.word()).isEqualTo("open");
    assertThat(failures).isEqualTo(4);
  }

  @Test
  void otherSettingsLeaveItOpenForTheRestOfItsTime() {
    Breaker breaker = opened(PLAIN);
    time.advance(Duration.ofSeconds(4));

    Breaker next = breaker.succeededBy(openFor(Duration.ofSeconds(20)));

    assertThat(next.word()).isEqualTo("open");
    assertThat(next.retryAfterSeconds()).isEqualTo(6);
    assertThat(next.tryAcquire()).isNull();
    time.advance(Duration.ofMillis(6_001));
    assertThat(next.tryAcquire()).isNotNull();
  }

  @Test
  void aShorterTimeHoldsAtOnce() {
    Breaker next = opened(PLAIN).succeededBy(openFor(Duration.ofSeconds(2)));

    assertThat(next.retryAfterSeconds()).isEqualTo(2);
    time.advance(Duration.ofMillis(2_001));
    assertThat(next.tryAcquire()).isNotNull();
  }

  @Test
  void otherSettingsBeginATrialAnew() {
    Breaker breaker = halfOpen(PLAIN);
    List<Permission> before = acquired(breaker, 3);

    Breaker next = breaker.succeededBy(openFor(Duration.ofSeconds(2)));
    assertThat(next.word()).isEqualTo("half-open");
    List<Permission> tries = acquired(next, 3);
    before.forEach(p -> breaker.failed(p, 0));
    assertThat(next.word()).isEqualTo("half-open");
    tries.forEach(p -> next.succeeded(p, 0));

    assertThat(next.word()).isEqualTo("closed");
  }

  @Test
  void otherSettingsKeepWhatTheWindowHolds() {
    Breaker breaker = time.of(PLAIN);
    succeed(breaker, 5);
    fail(breaker, 4);

    Breaker next = breaker.succeededBy(openFor(Duration.ofSeconds(2)));
    assertThat(next.word()).isEqualTo("closed");
    fail(next, 1);

    assertThat(next.word()).isEqualTo("open");
    assertThat(next.retryAfterSeconds()).isEqualTo(2);
  }

  @Test
  void aStricterRateIsHeldAgainstWhatTheWindowHolds() {
    Breaker breaker = time.of(PLAIN);
    succeed(breaker, 6);
    fail(breaker, 4);
    BreakerConfig strict =
        new BreakerConfig(
            40, Statuses.SERVER_ERRORS, null, 80, 5, 5, Duration.ofSeconds(7), 3, Duration.ZERO);

    Breaker next = breaker.succeededBy(strict);

    assertThat(next.word()).isEqualTo("open");
    assertThat(next.retryAfterSeconds()).isEqualTo(7);
  }

  @Test
  void whatRanBeforeAReloadCountsAfterIt() {
    Breaker breaker = time.of(PLAIN);
    List<Permission> before = acquired(breaker, 4);

    Breaker next = breaker.succeededBy(openFor(Duration.ofSeconds(2)));
    before.forEach(p -> breaker.failed(p, 0));

    assertThat(next.word()).isEqualTo("open");
    assertThat(breaker.word()).isEqualTo("closed");
  }

  @Test
  void aRampGoesOnWhereItWas() {
    Breaker breaker = closedAgain(ramping(Duration.ofSeconds(10)));
    time.advance(Duration.ofSeconds(5));

    Breaker next = breaker.succeededBy(ramping(Duration.ofSeconds(20)));

    assertThat(next.word()).isEqualTo("ramp-up");
    assertThat(letThrough(next, 1_000)).isCloseTo(325, within(2));
  }

  @Test
  void theSameSettingsLeaveTheSameBreaker() {
    BreakerSlot slot = new BreakerSlot(PLAIN, time::of);
    Breaker breaker = slot.breaker();

    slot.configure(openFor(PLAIN.openFor()));
    assertThat(slot.breaker()).isSameAs(breaker);
    slot.configure(openFor(Duration.ofSeconds(1)));

    assertThat(slot.breaker()).isNotSameAs(breaker);
    assertThat(slot.breaker().config().openFor()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void oneThatNobodyAskedIsNotMade() {
    BreakerSlot slot =
        new BreakerSlot(
            PLAIN,
            config -> {
              assertThat(config).as("the settings of now").isEqualTo(openFor(Duration.ofHours(1)));
              return time.of(config);
            });

    assertThat(slot.word()).isEqualTo("closed");
    slot.configure(openFor(Duration.ofHours(1)));

    assertThat(slot.breaker()).isSameAs(slot.breaker());
  }

  @Test
  void settingsThatComeWhileItIsMadeHoldToo() {
    BreakerSlot[] slot = new BreakerSlot[1];
    slot[0] =
        new BreakerSlot(
            PLAIN,
            config -> {
              slot[0].configure(openFor(Duration.ofHours(1)));
              return time.of(config);
            });

    assertThat(slot[0].breaker().config()).isEqualTo(openFor(Duration.ofHours(1)));
  }
}

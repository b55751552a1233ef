package dev.headgate.policy.idempotency;

import static dev.headgate.policy.idempotency.Answers.LIMIT;
import static dev.headgate.policy.idempotency.Answers.completed;
import static dev.headgate.policy.idempotency.Answers.text;
import static dev.headgate.policy.idempotency.Answers.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EmbeddedStoreTest extends StoreContract {
  private static final int SMALL = 20_000;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final EmbeddedStore store = new EmbeddedStore(64 << 20, now::get);
  private final EmbeddedStore small = new EmbeddedStore(SMALL, now::get);

  @Override
  IdempotencyStore store() {
    return store;
  }

  @Override
  void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static LookupKey named(String name) {
    return new LookupKey("small:" + name);
  }

  private Token claimSmall(String name) {
    Token token = token();
    assertThat(Answers.of(small.claim(named(name), claim(token), LIMIT))).isEmpty();
    return token;
  }

  private void answerSmall(String name, int bytes) {
    Token token = claimSmall(name);
    assertThat(
            Answers.of(
                small.settle(
                    named(name), token, completed(print, 200, "x".repeat(bytes)), TTL, LIMIT)))
        .isTrue();
  }

  private Entry findSmall(String name) {
    return Answers.of(small.find(named(name), LIMIT)).orElseThrow();
  }

  private boolean isRefused(String name) {
    StoreFailure failure =
        catchThrowableOfType(
            StoreFailure.class, () -> Answers.of(small.claim(named(name), claim(token()), LIMIT)));
    return failure != null && failure.kind() == StoreFailure.Kind.FULL;
  }

  /** Claims until there is no more room. */
  private int fill() {
    int claims = 0;
    while (!isRefused("fill-" + claims)) {
      claims++;
    }
    return claims;
  }

  @Test
  void theOldestAnswersAreForgottenFirstAndNotThatThereWereAny() {
    answerSmall("first", 5_000);
    answerSmall("second", 5_000);
    answerSmall("third", 5_000);
    answerSmall("fourth", 5_000);

    assertThat(findSmall("first")).isInstanceOf(Entry.NotStored.class);
    assertThat(findSmall("first").fingerprint()).isEqualTo(print);
    assertThat(findSmall("second")).isInstanceOf(Entry.Completed.class);
    assertThat(findSmall("fourth")).isInstanceOf(Entry.Completed.class);
    assertThat(small.bytes()).isLessThanOrEqualTo(SMALL);
  }

  @Test
  void claimsArePutBeforeAnswersAndRefusedWhenNothingIsLeftToForget() {
    Token running = claimSmall("running");
    answerSmall("answered", 5_000);
    Token unknown = claimSmall("unknown");
    assertThat(
            Answers.of(
                small.settle(
                    named("unknown"), unknown, new Entry.Unknown(print, unknown), TTL, LIMIT)))
        .isTrue();

    assertThat(fill()).isGreaterThan(20);

    assertThat(findSmall("running")).isInstanceOf(Entry.Running.class);
    assertThat(findSmall("unknown")).isInstanceOf(Entry.Unknown.class);
    assertThat(findSmall("answered")).isInstanceOf(Entry.NotStored.class);
    assertThat(small.bytes()).isLessThanOrEqualTo(SMALL);
    // What is there is told, full or not.
    assertThat(Answers.of(small.claim(named("running"), claim(token()), LIMIT)))
        .containsInstanceOf(Entry.Running.class);
    // That it was done fits where the claim was; the answer does not.
    assertThat(
            Answers.of(
                small.settle(
                    named("running"),
                    running,
                    completed(print, 200, "x".repeat(2_000)),
                    TTL,
                    LIMIT)))
        .isTrue();
    assertThat(findSmall("running")).isInstanceOf(Entry.NotStored.class);
  }

  @Test
  void aReleasedKeyMakesRoomForAnother() {
    Token token = claimSmall("one");
    fill();
    assertThat(isRefused("other")).isTrue();
    assertThat(Answers.of(small.release(named("one"), token, LIMIT))).isTrue();
    assertThat(isRefused("other")).isFalse();
  }

  @Test
  void whatIsPastItsTimeMakesRoomBeforeAnAnswerIsForgotten() {
    fill();
    pass(LEASE.plus(TTL));
    answerSmall("late", 10_000);
    assertThat(fill()).isGreaterThan(10);
    assertThat(small.entries()).isLessThan(SMALL / 300);
  }

  @Test
  void anAnswerThatNeverFitsIsNotStoredAndDrivesNoOtherOut() {
    answerSmall("kept", 5_000);
    answerSmall("huge", 2 * SMALL);
    assertThat(findSmall("huge")).isInstanceOf(Entry.NotStored.class);
    assertThat(findSmall("kept")).isInstanceOf(Entry.Completed.class);
  }

  @Test
  void nothingIsLeftOfWhatIsGone() {
    for (int i = 0; i < 100; i++) {
      Token token = held();
      if (i % 2 == 0) {
        settled(token, completed(print, 200, "some answer"));
        Answers.of(store.clear(key, LIMIT));
      } else {
        released(token);
      }
    }
    assertThat(store.entries()).isZero();
    assertThat(store.bytes()).isZero();
  }

  @Test
  void entriesThatAreForgottenGoWithoutBeingAskedFor() {
    for (int i = 0; i < 40; i++) {
      claimSmall("old-" + i);
    }
    pass(LEASE.plus(TTL));
    for (int i = 0; i < 20; i++) {
      claimSmall("new-" + i);
    }
    assertThat(small.entries()).isEqualTo(20);
  }

  @Test
  void bytesAreAboutWhatTheHeapSays() {
    EmbeddedStore large = new EmbeddedStore(1L << 40, System::nanoTime);
    long before = used();
    for (int i = 0; i < 40_000; i++) {
      LookupKey name = new LookupKey("charge:0123456789abcdef0123456789ab" + i);
      Token token = new Token(i, i);
      // As they come from requests: nothing is shared.
      Fingerprint own = new Fingerprint(new byte[Fingerprint.LENGTH], new byte[Fingerprint.LENGTH]);
      Answers.of(large.claim(name, new Claim(token, own, LEASE, TTL), LIMIT));
      if (i % 2 == 0) {
        Answers.of(large.settle(name, token, completed(own, 200, "y".repeat(300)), TTL, LIMIT));
      }
    }
    long measured = used() - before;
    assertThat((double) large.bytes() / measured).isBetween(0.9, 1.35);
  }

  private static long used() {
    // Twice: what the first leaves to be cleaned up after.
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void manyThreadsKeepTheAccountsAndOneHolderAKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicInteger holders = new AtomicInteger();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        all.add(threads.submit(() -> hammer(holders)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(small.bytes()).isBetween(0L, (long) SMALL);
    for (int i = 0; i < 5; i++) {
      Answers.of(small.clear(named("k" + i), LIMIT));
    }
    assertThat(small.entries()).isZero();
    assertThat(small.bytes()).isZero();
  }

  private void hammer(AtomicInteger holders) {
    for (int i = 0; i < 20_000; i++) {
      LookupKey name = named("k" + i % 5);
      Token token = token();
      Optional<Entry> there;
      try {
        there = Answers.of(small.claim(name, claim(token), LIMIT));
      } catch (StoreFailure full) {
        continue;
      }
      if (there.isPresent()) {
        Answers.of(small.clear(name, LIMIT));
      } else if (i % 3 == 0) {
        Answers.of(small.release(name, token, LIMIT));
      } else {
        holders.incrementAndGet();
        Answers.of(
            small.settle(name, token, completed(print, 200, "z".repeat(i % 6_000)), TTL, LIMIT));
      }
    }
  }

  @Test
  void anAnswerIsTheSameHoweverOftenItIsGiven() {
    Token token = held();
    Entry.Completed answer = completed(print, 201, "ok");
    settled(token, answer);
    String first = foundText();
    ((Entry.Completed) found().orElseThrow()).answer().headers().add("X-Own", "of one replay");
    assertThat(foundText()).isEqualTo(first).isEqualTo(text(answer));
  }
}

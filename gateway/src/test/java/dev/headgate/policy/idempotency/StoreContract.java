package dev.headgate.policy.idempotency;

import static dev.headgate.policy.idempotency.Answers.LIMIT;
import static dev.headgate.policy.idempotency.Answers.completed;
import static dev.headgate.policy.idempotency.Answers.fingerprint;
import static dev.headgate.policy.idempotency.Answers.text;
import static dev.headgate.policy.idempotency.Answers.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class StoreContract {
  static final Duration LEASE = Duration.ofMinutes(10);
  static final Duration TTL = Duration.ofHours(24);
  private static final AtomicInteger KEYS = new AtomicInteger();

  final LookupKey key = new LookupKey("charge:" + KEYS.incrementAndGet());
  final Fingerprint print = fingerprint(1);

  abstract IdempotencyStore store();

  /** As if so much time had gone by for the store. */
  abstract void pass(Duration time);

  final Claim claim(Token token) {
    return new Claim(token, print, LEASE, TTL);
  }

  final Optional<Entry> claimed(Token token) {
    return Answers.of(store().claim(key, claim(token), LIMIT));
  }

  final boolean tookOver(Token seen, Token token) {
    return Answers.of(store().takeOver(key, seen, claim(token), LIMIT));
  }

  final boolean settled(Token token, Entry.Settled entry) {
    return Answers.of(store().settle(key, token, entry, TTL, LIMIT));
  }

  final boolean released(Token token) {
    return Answers.of(store().release(key, token, LIMIT));
  }

  final boolean renewed(Token token) {
    return Answers.of(store().renew(key, token, LEASE, LIMIT));
  }

  final Optional<Entry> found() {
    return Answers.of(store().find(key, LIMIT));
  }

  final String foundText() {
    return found().map(Answers::text).orElse("nothing");
  }

  final Token held() {
    Token token = token();
    assertThat(claimed(token)).isEmpty();
    return token;
  }

  @Test
  void aFreeKeyIsTheFirstClaimants() {
    Token first = token();
    assertThat(claimed(first)).isEmpty();

    Entry there = claimed(token()).orElseThrow();

    assertThat(there).isInstanceOf(Entry.Running.class);
    Entry.Running running = (Entry.Running) there;
    assertThat(running.token()).isEqualTo(first);
    assertThat(running.fingerprint()).isEqualTo(print);
    assertThat(running.left()).isBetween(LEASE.minusMinutes(1), LEASE);
    assertThat(foundText()).isEqualTo(text(there));
  }

  @Test
  void aClaimThatIsRepeatedIsTheSameClaim() {
    Token token = held();
    assertThat(claimed(token)).isEmpty();
  }

  @Test
  void oneOfManyClaimantsGetsTheKey() {
    List<CompletionStage<Optional<Entry>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(store().claim(key, claim(token()), LIMIT));
    }
    assertThat(answers.stream().filter(answer -> Answers.of(answer).isEmpty()).count())
        .isEqualTo(1);
  }

  @Test
  void anAnswerIsGivenToWhoeverComesLater() {
    Token token = held();
    Entry.Completed answer = completed(print, 201, "paid \u00e9".repeat(50_000));

    assertThat(settled(token, answer)).isTrue();

    assertThat(text(claimed(token()).orElseThrow())).isEqualTo(text(answer));
    assertThat(text(claimed(token).orElseThrow())).isEqualTo(text(answer));
    assertThat(foundText()).isEqualTo(text(answer));
  }

  @Test
  void anAnswerWithoutAnythingIsOne() {
    Token token = held();
    Entry.Completed answer =
        new Entry.Completed(
            print,
            new StoredAnswer(
                204,
                new io.netty.handler.codec.http.DefaultHttpHeaders(),
                new byte[0],
                new io.netty.handler.codec.http.DefaultHttpHeaders()));
    assertThat(settled(token, answer)).isTrue();
    assertThat(foundText()).isEqualTo(text(answer));
  }

  @Test
  void theFingerprintOfTheSettledEntryIsTheOneThatIsKept() {
    Token token = held();
    Entry.NotStored entry = new Entry.NotStored(fingerprint(5));
    assertThat(settled(token, entry)).isTrue();
    assertThat(foundText()).isEqualTo(text(entry));
  }

  @Test
  void settlingAgainWithTheSameTokenChangesNothing() {
    Token token = held();
    assertThat(settled(token, new Entry.NotStored(print))).isTrue();
    assertThat(settled(token, new Entry.NotStored(print))).isTrue();
    assertThat(settled(token, new Entry.Unknown(print, token))).isFalse();
    assertThat(found()).containsInstanceOf(Entry.NotStored.class);
  }

  @Test
  void anotherTokenChangesNothing() {
    held();
    String before = foundText();
    Token other = token();

    assertThat(settled(other, new Entry.NotStored(print))).isFalse();
    assertThat(released(other)).isFalse();
    assertThat(renewed(other)).isFalse();
    assertThat(tookOver(other, token())).isFalse();

    assertThat(foundText()).isEqualTo(before);
  }

  @Test
  void aKeyThatIsNotThereCannotBeSettledRenewedOrTakenOver() {
    assertThat(settled(token(), new Entry.NotStored(print))).isFalse();
    assertThat(renewed(token())).isFalse();
    assertThat(tookOver(token(), token())).isFalse();
    assertThat(found()).isEmpty();
  }

  @Test
  void aReleasedKeyIsFree() {
    Token token = held();
    assertThat(released(token)).isTrue();
    assertThat(released(token)).isTrue();
    assertThat(found()).isEmpty();
    held();
  }

  @Test
  void aClaimWhoseLeaseHasEndedIsUnknownAndCanDoNothing() {
    Token token = held();
    pass(LEASE);

    assertThat(found()).containsInstanceOf(Entry.Unknown.class);
    assertThat(claimed(token())).containsInstanceOf(Entry.Unknown.class);
    assertThat(claimed(token)).containsInstanceOf(Entry.Unknown.class);
    assertThat(settled(token, completed(print, 200, "late"))).isFalse();
    assertThat(renewed(token)).isFalse();
    assertThat(released(token)).isFalse();
    assertThat(((Entry.Unknown) found().orElseThrow()).token()).isEqualTo(token);
  }

  @Test
  void aRenewedLeaseBeginsAnew() {
    Token token = held();
    pass(LEASE.minusMinutes(1));
    assertThat(renewed(token)).isTrue();
    pass(LEASE.minusMinutes(1));
    assertThat(found()).containsInstanceOf(Entry.Running.class);
    assertThat(settled(token, new Entry.NotStored(print))).isTrue();
  }

  @Test
  void aClaimThatIsRenewedIsUnknownForItsTtlAfterItsLastLease() {
    Duration ttl = Duration.ofMinutes(5);
    Token token = token();
    assertThat(Answers.of(store().claim(key, new Claim(token, print, LEASE, ttl), LIMIT)))
        .isEmpty();
    for (int i = 0; i < 3; i++) {
      pass(LEASE.minusMinutes(1));
      assertThat(renewed(token)).isTrue();
      assertThat(renewed(token)).isTrue();
    }
    pass(LEASE.minusMinutes(1));
    assertThat(found()).containsInstanceOf(Entry.Running.class);
    pass(ttl);
    assertThat(found()).containsInstanceOf(Entry.Unknown.class);
    pass(Duration.ofMinutes(2));
    assertThat(found()).isEmpty();
  }

  @Test
  void everythingIsForgottenItsTtlAfterItWasWritten() {
    Token token = held();
    pass(LEASE.dividedBy(2));
    assertThat(settled(token, completed(print, 200, "ok"))).isTrue();
    pass(TTL.minusMinutes(1));
    assertThat(found()).isPresent();
    pass(Duration.ofMinutes(1));
    assertThat(found()).isEmpty();
    held();
  }

  @Test
  void anUnknownKeyIsForgottenTheClaimsTtlAfterItsLease() {
    held();
    pass(LEASE.plus(TTL).minusMinutes(1));
    assertThat(found()).containsInstanceOf(Entry.Unknown.class);
    pass(Duration.ofMinutes(1));
    assertThat(found()).isEmpty();
  }

  @Test
  void oneOfManyTakesAnUnknownKeyOver() {
    Token lost = held();
    assertThat(settled(lost, new Entry.Unknown(print, lost))).isTrue();
    List<CompletionStage<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(store().takeOver(key, lost, claim(token()), LIMIT));
    }
    assertThat(answers.stream().filter(Answers::of).count()).isEqualTo(1);
  }

  @Test
  void aTakeOverThatIsRepeatedIsTheSameOne() {
    Token lost = held();
    pass(LEASE);
    Token next = token();
    assertThat(tookOver(lost, next)).isTrue();
    assertThat(tookOver(lost, next)).isTrue();
    assertThat(tookOver(lost, token())).isFalse();
    assertThat(settled(next, completed(print, 200, "ok"))).isTrue();
    assertThat(tookOver(lost, next)).isFalse();
    assertThat(found()).containsInstanceOf(Entry.Completed.class);
  }

  @Test
  void whatRunsOrIsKnownCannotBeTakenOver() {
    Token token = held();
    assertThat(tookOver(token, token())).isFalse();
    assertThat(settled(token, new Entry.NotStored(print))).isTrue();
    assertThat(tookOver(token, token())).isFalse();
  }

  @Test
  void aKeyThatWasTakenOverIsUnknownAgainWhenItIsReleased() {
    Token lost = held();
    pass(LEASE);
    Token next = token();
    assertThat(tookOver(lost, next)).isTrue();

    assertThat(released(next)).isTrue();
    assertThat(released(next)).isTrue();

    assertThat(found()).containsInstanceOf(Entry.Unknown.class);
    assertThat(claimed(token())).containsInstanceOf(Entry.Unknown.class);
    Token seen = ((Entry.Unknown) found().orElseThrow()).token();
    assertThat(tookOver(seen, token())).isTrue();
  }

  @Test
  void aClearedKeyIsFreeAndItsHolderHasLostIt() {
    Token token = held();
    assertThat(Answers.of(store().clear(key, LIMIT))).isTrue();
    assertThat(Answers.of(store().clear(key, LIMIT))).isFalse();
    assertThat(found()).isEmpty();
    assertThat(settled(token, new Entry.NotStored(print))).isFalse();
    held();
  }

  @Test
  void manyKeysDoNotMeet() {
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      LookupKey one = new LookupKey(key.text() + "-" + i);
      Token token = token();
      Entry.Completed answer = completed(print, 200, "answer " + i);
      all.add(
          store()
              .claim(one, claim(token), LIMIT)
              .thenCompose(free -> store().settle(one, token, answer, TTL, LIMIT))
              .thenCompose(done -> store().find(one, LIMIT))
              .thenApply(there -> text(there.orElseThrow()).equals(text(answer)))
              .toCompletableFuture());
    }
    assertThat(all).allSatisfy(each -> assertThat(Answers.of(each)).isTrue());
  }
}

package dev.headgate.policy.idempotency;

import static dev.headgate.testing.Property.chance;
import static dev.headgate.testing.Property.oneOf;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a store is, said as simply as can be, and random lives of a few keys: claimed, taken over,
 * renewed, settled, released and cleared, by those who hold them, by those who no longer do and by
 * those who never did; holders crash, leases end, entries are forgotten.
 */
final class StoreModel {
  private static final int STEPS = 40;

  /** Minutes are far more than a sequence takes on a clock that cannot be stopped. */
  private static final Duration UNIT = Duration.ofMinutes(1);

  private static final List<String> KEYS = List.of("a", "b");

  private enum State {
    CLAIMED,
    TAKEN_OVER,
    UNKNOWN,
    ANSWERED,
    NOT_STORED
  }

  private static final class Held {
    private State state;
    private Token token;
    private Fingerprint print;
    private long leaseEnds;
    private long expires;
    private String answer = "";

    Held(State state, Claim claim, long now) {
      this.state = state;
      this.token = claim.token();
      this.print = claim.fingerprint();
      this.leaseEnds = now + units(claim.lease());
      this.expires = leaseEnds + units(claim.ttl());
    }
  }

  private final IdempotencyStore store;
  private final Consumer<Duration> clock;
  private final Random random;
  private final String prefix;
  private final Map<String, Held> entries = new HashMap<>();
  private final List<Token> tokens = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private long now;

  /**
   * @param clock lets time go by for the store
   * @param prefix of keys that nothing else uses
   */
  StoreModel(IdempotencyStore store, Consumer<Duration> clock, Random random, String prefix) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.prefix = prefix;
    tokens.add(Token.next(random));
  }

  /** Throws where the store does not do as the model does. */
  void live() {
    for (int step = 0; step < STEPS; step++) {
      step();
      for (String key : KEYS) {
        same("find " + key, told(key), found(key));
      }
    }
  }

  private void step() {
    String key = oneOf(random, KEYS);
    switch (random.nextInt(9)) {
      case 0, 1 -> claim(key);
      case 2 -> takeOver(key);
      case 3 -> renew(key);
      case 4, 5 -> settle(key);
      case 6 -> release(key);
      case 7 -> pass();
      default -> {
        if (chance(random, 20)) {
          clear(key);
        } else {
          crash();
        }
      }
    }
  }

  private void same(String call, Object model, Object real) {
    history.add(call + " = " + real);
    if (!model.equals(real)) {
      throw new AssertionError(
          "%s: %s (expected: %s) after%n%s"
              .formatted(call, real, model, String.join(System.lineSeparator(), history)));
    }
  }

  private static long units(Duration duration) {
    return duration.dividedBy(UNIT);
  }

  private Duration some(int most) {
    return UNIT.multipliedBy(1 + random.nextInt(most));
  }

  /** One that is around, or a new one. */
  private Token token() {
    if (tokens.isEmpty() || chance(random, 25)) {
      tokens.add(Token.next(random));
    }
    // Most often the last: who holds a key does most with it.
    return chance(random, 60) ? tokens.get(tokens.size() - 1) : oneOf(random, tokens);
  }

  private Claim newClaim() {
    Duration lease = some(10);
    return new Claim(token(), Answers.fingerprint(random.nextInt(20)), lease, some(30));
  }

  private LookupKey name(String key) {
    return new LookupKey(prefix + key);
  }

  private @Nullable Held there(String key) {
    Held held = entries.get(key);
    if (held != null && held.expires <= now) {
      entries.remove(key);
      return null;
    }
    return held;
  }

  private boolean isClaim(Held held) {
    return held.state == State.CLAIMED || held.state == State.TAKEN_OVER;
  }

  private boolean isLive(Held held) {
    return isClaim(held) && held.leaseEnds > now;
  }

  private @Nullable Held heldBy(String key, Token token) {
    Held held = there(key);
    return held != null && held.token.equals(token) && isLive(held) ? held : null;
  }

  private String told(String key) {
    Held held = there(key);
    if (held == null) {
      return "free";
    }
    if (isLive(held)) {
      return Answers.text(new Entry.Running(held.print, held.token, UNIT));
    }
    return switch (held.state) {
      case CLAIMED, TAKEN_OVER, UNKNOWN -> Answers.text(new Entry.Unknown(held.print, held.token));
      case NOT_STORED -> Answers.text(new Entry.NotStored(held.print));
      case ANSWERED -> Answers.text(Answers.completed(held.print, 200, held.answer));
    };
  }

  private String found(String key) {
    return Answers.of(store.find(name(key), Answers.LIMIT)).map(Answers::text).orElse("free");
  }

  private void claim(String key) {
    Claim claim = newClaim();
    Held held = there(key);
    String expected = held == null || heldBy(key, claim.token()) != null ? "ours" : told(key);
    if (held == null) {
      entries.put(key, new Held(State.CLAIMED, claim, now));
    }
    same(
        "claim " + key + " " + claim,
        expected,
        Answers.of(store.claim(name(key), claim, Answers.LIMIT)).map(Answers::text).orElse("ours"));
  }

  private void takeOver(String key) {
    Claim claim = newClaim();
    Held held = there(key);
    Token seen = held != null && chance(random, 80) ? held.token : token();
    boolean expected;
    if (held != null && held.token.equals(claim.token())) {
      expected = isLive(held);
      if (!expected && seen.equals(claim.token())) {
        // Nobody takes over with the token that was seen.
        return;
      }
    } else {
      expected =
          held != null
              && held.token.equals(seen)
              && (held.state == State.UNKNOWN || (isClaim(held) && !isLive(held)));
      if (expected) {
        entries.put(key, new Held(State.TAKEN_OVER, claim, now));
      }
    }
    same(
        "takeOver " + key + " " + seen + " " + claim,
        expected,
        Answers.of(store.takeOver(name(key), seen, claim, Answers.LIMIT)));
  }

  private void renew(String key) {
    Token token = token();
    Duration lease = some(10);
    Held held = heldBy(key, token);
    if (held != null) {
      long ends = now + units(lease);
      held.expires = Math.max(held.expires, ends + (held.expires - held.leaseEnds));
      held.leaseEnds = ends;
    }
    same(
        "renew " + key + " " + token + " " + lease,
        held != null,
        Answers.of(store.renew(name(key), token, lease, Answers.LIMIT)));
  }

  private void settle(String key) {
    Token token = token();
    Duration ttl = some(60);
    Fingerprint print = Answers.fingerprint(random.nextInt(20));
    String body = "answer " + random.nextInt(5);
    State state = oneOf(random, List.of(State.UNKNOWN, State.ANSWERED, State.NOT_STORED));
    Entry.Settled entry =
        switch (state) {
          case ANSWERED -> Answers.completed(print, 200, body);
          case NOT_STORED -> new Entry.NotStored(print);
          default -> new Entry.Unknown(print, token);
        };
    Held held = heldBy(key, token);
    boolean expected = held != null;
    if (held != null) {
      held.state = state;
      held.print = print;
      held.answer = body;
      held.expires = now + units(ttl);
    } else {
      Held other = there(key);
      if (other != null && other.token.equals(token) && other.state == State.NOT_STORED) {
        // A store may have forgotten an answer, and cannot tell whether it had one.
        return;
      }
      expected = other != null && other.token.equals(token) && other.state == state;
    }
    same(
        "settle " + key + " " + token + " " + state,
        expected,
        Answers.of(store.settle(name(key), token, entry, ttl, Answers.LIMIT)));
  }

  private void release(String key) {
    Token token = token();
    Held held = heldBy(key, token);
    Held other = there(key);
    boolean expected =
        held != null
            || other == null
            || (other.token.equals(token) && other.state == State.UNKNOWN);
    if (held != null && held.state == State.TAKEN_OVER) {
      held.state = State.UNKNOWN;
    } else if (held != null) {
      entries.remove(key);
    }
    same(
        "release " + key + " " + token,
        expected,
        Answers.of(store.release(name(key), token, Answers.LIMIT)));
  }

  private void clear(String key) {
    boolean expected = there(key) != null;
    entries.remove(key);
    same("clear " + key, expected, Answers.of(store.clear(name(key), Answers.LIMIT)));
  }

  private void pass() {
    Duration time = some(chance(random, 20) ? 40 : 6);
    now += units(time);
    clock.accept(time);
    history.add("pass " + time);
  }

  /** A token is never heard of again. */
  private void crash() {
    tokens.remove(random.nextInt(tokens.size()));
    if (tokens.isEmpty()) {
      tokens.add(Token.next(random));
    }
  }
}

package dev.headgate.policy.idempotency;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store in a map, whose calls can be held up or made to fail. */
final class Ledger implements IdempotencyStore {
  private record Held(
      Token token, Fingerprint fingerprint, long until, Entry.@Nullable Settled settled) {}

  private final LongSupplier nanos;
  private final Map<LookupKey, Held> entries = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private final Set<String> holding = new HashSet<>();
  private final Queue<Runnable> held = new ArrayDeque<>();
  final List<String> calls = new ArrayList<>();

  Ledger(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Calls of this name fail, without doing anything. */
  void fail(String call) {
    failing.add(call);
  }

  void mend() {
    failing.clear();
  }

  /** Calls of this name are not answered before {@link #letGo}. */
  void hold(String call) {
    holding.add(call);
  }

  void letGo() {
    holding.clear();
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  Optional<Entry> only() {
    return entries.keySet().stream().findFirst().flatMap(this::there);
  }

  boolean free() {
    return entries.isEmpty();
  }

  private <T> CompletionStage<T> call(String name, Supplier<T> action) {
    calls.add(name);
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable run =
        () -> {
          if (failing.contains(name)) {
            answer.completeExceptionally(new StoreFailure(StoreFailure.Kind.UNAVAILABLE, null));
          } else {
            answer.complete(action.get());
          }
        };
    if (holding.contains(name)) {
      held.add(run);
    } else {
      run.run();
    }
    return answer;
  }

  private Optional<Entry> there(LookupKey key) {
    Held entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.settled() != null) {
      return Optional.of(entry.settled());
    }
    long left = entry.until() - nanos.getAsLong();
    return Optional.of(
        left > 0
            ? new Entry.Running(entry.fingerprint(), entry.token(), Duration.ofNanos(left))
            : new Entry.Unknown(entry.fingerprint(), entry.token()));
  }

  private boolean holds(LookupKey key, Token token) {
    return there(key)
        .filter(entry -> entry instanceof Entry.Running running && running.token().equals(token))
        .isPresent();
  }

  private Held held(LookupKey key) {
    return Objects.requireNonNull(entries.get(key));
  }

  private void enter(LookupKey key, Claim claim) {
    entries.put(
        key,
        new Held(
            claim.token(), claim.fingerprint(), nanos.getAsLong() + claim.lease().toNanos(), null));
  }

  @Override
  public CompletionStage<Optional<Entry>> claim(LookupKey key, Claim claim, Duration limit) {
    return call(
        "claim",
        () -> {
          Optional<Entry> before = there(key);
          if (before.isEmpty()) {
            enter(key, claim);
          }
          return before;
        });
  }

  @Override
  public CompletionStage<Boolean> takeOver(LookupKey key, Token seen, Claim claim, Duration limit) {
    return call(
        "take-over",
        () -> {
          boolean same =
              there(key)
                  .filter(e -> e instanceof Entry.Unknown u && u.token().equals(seen))
                  .isPresent();
          if (same) {
            enter(key, claim);
          }
          return same;
        });
  }

  @Override
  public CompletionStage<Boolean> renew(
      LookupKey key, Token token, Duration lease, Duration limit) {
    return call(
        "renew",
        () -> {
          boolean mine = holds(key, token);
          if (mine) {
            Held entry = held(key);
            entries.put(
                key,
                new Held(token, entry.fingerprint(), nanos.getAsLong() + lease.toNanos(), null));
          }
          return mine;
        });
  }

  @Override
  public CompletionStage<Boolean> settle(
      LookupKey key, Token token, Entry.Settled entry, Duration ttl, Duration limit) {
    return call(
        "settle",
        () -> {
          boolean mine = holds(key, token);
          if (mine) {
            entries.put(key, new Held(token, entry.fingerprint(), 0, entry));
          }
          return mine;
        });
  }

  @Override
  public CompletionStage<Boolean> release(LookupKey key, Token token, Duration limit) {
    return call(
        "release",
        () -> {
          boolean mine = holds(key, token);
          if (mine) {
            entries.remove(key);
          }
          return mine;
        });
  }

  @Override
  public CompletionStage<Optional<Entry>> find(LookupKey key, Duration limit) {
    return call("find", () -> there(key));
  }

  @Override
  public CompletionStage<Boolean> clear(LookupKey key, Duration limit) {
    return call("clear", () -> entries.remove(key) != null);
  }
}

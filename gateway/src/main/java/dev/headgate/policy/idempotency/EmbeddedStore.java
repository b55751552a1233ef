package dev.headgate.policy.idempotency;

import dev.headgate.policy.idempotency.EntryCodec.State;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keys in this process, for one node; forgotten when it ends. Bounded by bytes. Where there is no
 * room, what is past its time goes first; then the oldest answers are forgotten, but not that there
 * was one; then claims are refused.
 *
 * <p>An entry is replaced, never changed, within {@link ConcurrentHashMap#compute}, so that calls
 * for one key come one after the other and others do not meet. The two indexes follow in there.
 */
final class EmbeddedStore implements IdempotencyStore, IdempotencyStores.EmbeddedUse {
  /** Looked at for their age at each claim: more than come in. */
  private static final int SWEEP = 4;

  private final long most;
  private final LongSupplier ticker;
  private final ConcurrentMap<String, Slot> slots = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Slot> byExpiry =
      new ConcurrentSkipListSet<>(
          Comparator.<Slot>comparingLong(slot -> slot.expires)
              .thenComparingLong(slot -> slot.order));
  private final ConcurrentSkipListSet<Slot> answers =
      new ConcurrentSkipListSet<>(Comparator.comparingLong(slot -> slot.order));
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong order = new AtomicLong();

  /**
   * @param most bytes, estimated; positive
   * @param ticker in nanoseconds
   */
  EmbeddedStore(long most, LongSupplier ticker) {
    this.most = most;
    this.ticker = ticker;
  }

  private static final class Slot {
    private final String key;
    private final State state;
    private final Token token;
    private final Fingerprint fingerprint;
    private final long leaseEnds;
    private final long expires;
    private final long order;
    private final @Nullable Kept answer;

    Slot(
        String key,
        State state,
        Token token,
        Fingerprint fingerprint,
        long leaseEnds,
        long expires,
        long order,
        @Nullable Kept answer) {
      this.key = key;
      this.state = state;
      this.token = token;
      this.fingerprint = fingerprint;
      this.leaseEnds = leaseEnds;
      this.expires = expires;
      this.order = order;
      this.answer = answer;
    }

    boolean isLive(long now) {
      return isClaim() && leaseEnds - now > 0;
    }

    boolean isClaim() {
      return state == State.CLAIMED || state == State.TAKEN_OVER;
    }

    boolean isUnknown(long now) {
      return state == State.UNKNOWN || (isClaim() && !isLive(now));
    }

    long weight() {
      return weightOf(key) + (answer == null ? 0 : answer.weight());
    }
  }

  /**
   * An answer of which nothing else holds on to anything: a field's text may be a piece of the
   * whole head it came in.
   */
  private static final class Kept {
    /** Objects and arrays beside what is in them. */
    private static final int OVERHEAD = 24 + 16 + 16;

    private final int status;
    private final byte[] fields;
    private final byte[] body;

    Kept(StoredAnswer answer) {
      this.status = answer.status();
      this.fields = new byte[Fields.size(answer.headers()) + Fields.size(answer.trailers())];
      Wire.Writer writer = new Wire.Writer(fields, 0);
      Fields.write(writer, answer.headers());
      Fields.write(writer, answer.trailers());
      this.body = answer.body();
    }

    StoredAnswer answer() {
      Wire.Reader reader = new Wire.Reader(fields, 0);
      HttpHeaders headers = Fields.read(reader);
      return new StoredAnswer(status, headers, body, Fields.read(reader));
    }

    long weight() {
      return (long) OVERHEAD + INDEXED + fields.length + body.length;
    }
  }

  /** A node of an index, with its share of the levels above. */
  private static final int INDEXED = 48;

  /**
   * The map's node and its share of the table (48), the slot (72), its token (32), its fingerprint
   * with both digests (120), the key's string (40); measured in EmbeddedStoreTest.
   */
  private static final int SLOT = 48 + 72 + 32 + 120 + 40 + INDEXED;

  static long weightOf(String key) {
    return (long) SLOT + key.length();
  }

  @Override
  public CompletionStage<Optional<Entry>> claim(LookupKey key, Claim claim, Duration limit) {
    long now = ticker.getAsLong();
    sweep(now);
    Slot there = slots.get(key.text());
    if (there == null || isPast(there, now)) {
      // Only what is new needs room.
      long room = weightOf(key.text());
      if (!reserve(room, now)) {
        return CompletableFuture.failedFuture(new StoreFailure(StoreFailure.Kind.FULL, null));
      }
      there =
          change(
                  key,
                  now,
                  room,
                  held -> held == null ? claimed(key, State.CLAIMED, claim, now) : held)
              .before;
    }
    return done(
        there == null || isHeld(there, claim.token(), now)
            ? Optional.empty()
            : Optional.of(entry(there, now)));
  }

  @Override
  public CompletionStage<Boolean> takeOver(LookupKey key, Token seen, Claim claim, Duration limit) {
    long now = ticker.getAsLong();
    Change change =
        change(
            key,
            now,
            0,
            there ->
                there != null && there.token.equals(seen) && there.isUnknown(now)
                    ? claimed(key, State.TAKEN_OVER, claim, now)
                    : there);
    Slot after = change.after;
    return done(after != null && after.isLive(now) && after.token.equals(claim.token()));
  }

  private Slot claimed(LookupKey key, State state, Claim claim, long now) {
    return new Slot(
        key.text(),
        state,
        claim.token(),
        claim.fingerprint(),
        now + claim.lease().toNanos(),
        now + claim.lease().toNanos() + claim.ttl().toNanos(),
        order.incrementAndGet(),
        null);
  }

  @Override
  public CompletionStage<Boolean> renew(
      LookupKey key, Token token, Duration lease, Duration limit) {
    long now = ticker.getAsLong();
    long ends = now + lease.toNanos();
    Change change =
        change(
            key,
            now,
            0,
            there ->
                isHeld(there, token, now)
                    ? new Slot(
                        there.key,
                        there.state,
                        token,
                        there.fingerprint,
                        ends,
                        there.expires + Math.max(0, ends - there.leaseEnds),
                        there.order,
                        null)
                    : there);
    return done(isHeld(change.before, token, now));
  }

  @Override
  public CompletionStage<Boolean> settle(
      LookupKey key, Token token, Entry.Settled entry, Duration ttl, Duration limit) {
    long now = ticker.getAsLong();
    Kept kept = entry instanceof Entry.Completed completed ? new Kept(completed.answer()) : null;
    long room = kept == null ? 0 : kept.weight();
    // An answer for which there is no room even so is one that was not stored.
    boolean fits = reserve(room, now);
    State state = fits ? State.of(entry) : State.NOT_STORED;
    long expires = now + ttl.toNanos();
    Change change =
        change(
            key,
            now,
            fits ? room : 0,
            there ->
                isHeld(there, token, now)
                    ? new Slot(
                        there.key,
                        state,
                        token,
                        entry.fingerprint(),
                        now,
                        expires,
                        order.incrementAndGet(),
                        fits ? kept : null)
                    : there);
    Slot after = change.after;
    return done(after != null && after.token.equals(token) && isSame(after.state, State.of(entry)));
  }

  /** Also where the answer has been forgotten since. */
  private static boolean isSame(State there, State settled) {
    return there == settled || (there == State.NOT_STORED && settled == State.ANSWERED);
  }

  @Override
  public CompletionStage<Boolean> release(LookupKey key, Token token, Duration limit) {
    long now = ticker.getAsLong();
    Change change =
        change(key, now, 0, there -> isHeld(there, token, now) ? released(there, now) : there);
    Slot after = change.after;
    return done(after == null || (after.state == State.UNKNOWN && after.token.equals(token)));
  }

  private static @Nullable Slot released(Slot there, long now) {
    return there.state == State.CLAIMED
        ? null
        : new Slot(
            there.key,
            State.UNKNOWN,
            there.token,
            there.fingerprint,
            now,
            there.expires,
            there.order,
            null);
  }

  @Override
  public CompletionStage<Optional<Entry>> find(LookupKey key, Duration limit) {
    long now = ticker.getAsLong();
    Slot slot = slots.get(key.text());
    return done(
        slot == null || isPast(slot, now) ? Optional.empty() : Optional.of(entry(slot, now)));
  }

  @Override
  public CompletionStage<Boolean> clear(LookupKey key, Duration limit) {
    return done(change(key, ticker.getAsLong(), 0, there -> null).before != null);
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public int entries() {
    return slots.size();
  }

  private static boolean isHeld(@Nullable Slot slot, Token token, long now) {
    return slot != null && slot.token.equals(token) && slot.isLive(now);
  }

  private static boolean isPast(Slot slot, long now) {
    return slot.expires - now <= 0;
  }

  private static Entry entry(Slot slot, long now) {
    if (slot.isLive(now)) {
      return new Entry.Running(
          slot.fingerprint, slot.token, Duration.ofNanos(slot.leaseEnds - now));
    }
    Kept answer = slot.answer;
    if (answer != null) {
      return new Entry.Completed(slot.fingerprint, answer.answer());
    }
    return slot.state == State.NOT_STORED
        ? new Entry.NotStored(slot.fingerprint)
        : new Entry.Unknown(slot.fingerprint, slot.token);
  }

  private record Change(@Nullable Slot before, @Nullable Slot after) {}

  /** The only place where anything is written. What was reserved is given back, or weighed. */
  private Change change(
      LookupKey key, long now, long reserved, UnaryOperator<@Nullable Slot> replacement) {
    Slot[] before = new Slot[1];
    Slot after =
        slots.compute(
            key.text(),
            (name, there) -> {
              Slot live = there == null || isPast(there, now) ? null : there;
              Slot next = replacement.apply(live);
              replaced(there, next);
              before[0] = live;
              return next;
            });
    bytes.addAndGet(-reserved);
    return new Change(before[0], after);
  }

  private void replaced(@Nullable Slot there, @Nullable Slot next) {
    if (there == next) {
      return;
    }
    if (there != null) {
      byExpiry.remove(there);
      answers.remove(there);
      bytes.addAndGet(-there.weight());
    }
    if (next != null) {
      bytes.addAndGet(next.weight());
      byExpiry.add(next);
      if (next.answer != null) {
        answers.add(next);
      }
    }
  }

  private boolean reserve(long room, long now) {
    if (room == 0) {
      return true;
    }
    while (room <= most) {
      long taken = bytes.get();
      if (taken + room <= most) {
        if (bytes.compareAndSet(taken, taken + room)) {
          return true;
        }
      } else if (!forgetPast(now) && !forgetAnswer()) {
        return false;
      }
    }
    return false;
  }

  private void sweep(long now) {
    for (int i = 0; i < SWEEP && forgetPast(now); i++) {
      // Until there is none.
    }
  }

  private boolean forgetPast(long now) {
    Slot oldest = first(byExpiry);
    if (oldest == null || !isPast(oldest, now)) {
      return false;
    }
    slots.computeIfPresent(
        oldest.key,
        (name, there) -> {
          if (there != oldest) {
            return there;
          }
          replaced(there, null);
          return null;
        });
    return true;
  }

  private boolean forgetAnswer() {
    Slot oldest = first(answers);
    if (oldest == null) {
      return false;
    }
    slots.computeIfPresent(
        oldest.key,
        (name, there) -> {
          if (there != oldest) {
            return there;
          }
          Slot forgotten =
              new Slot(
                  there.key,
                  State.NOT_STORED,
                  there.token,
                  there.fingerprint,
                  there.leaseEnds,
                  there.expires,
                  there.order,
                  null);
          replaced(there, forgotten);
          return forgotten;
        });
    return true;
  }

  private static @Nullable Slot first(ConcurrentSkipListSet<Slot> slots) {
    var all = slots.iterator();
    return all.hasNext() ? all.next() : null;
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }
}

package dev.headgate.policy.idempotency;

import dev.headgate.policy.idempotency.EntryCodec.State;
import dev.headgate.redis.Redis;
import dev.headgate.redis.RedisFailure;
import dev.headgate.redis.RedisScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keys in Redis, for all nodes that share it. Each call is one script, and one round trip. */
final class RedisStore implements IdempotencyStore {
  private static final String PREFIX = "headgate:idempotency:";

  /** Packing and opening more than this is not for an event loop. */
  private static final int LARGE = 64 * 1_024;

  /** Of what nobody waits for. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * No lease is longer, unless renewed; what comes after its lease is fenced off, which ends it.
   */
  private static final Duration WORTH = Duration.ofHours(24);

  private final Redis redis;
  private final Seal seal;
  private final StoreScripts scripts;
  private final Executor workers;
  private final Unfinished unfinished;

  /**
   * @param workers where large entries are packed and opened
   */
  RedisStore(Redis redis, Seal seal, StoreScripts scripts, Executor workers, LongSupplier ticker) {
    this.redis = redis;
    this.seal = seal;
    this.scripts = scripts;
    this.workers = workers;
    this.unfinished = new Unfinished(redis::later, ticker);
    redis.whenUp(unfinished::now);
  }

  @Override
  public CompletionStage<Optional<Entry>> claim(LookupKey key, Claim claim, Duration limit) {
    byte[] packed = pack(key, EntryCodec.encodeClaim(claim.fingerprint(), 1));
    byte[][] args = {
      StoredValue.bytes(claim.token()), packed, millis(claim.lease()), millis(claim.ttl())
    };
    return answer(
        claiming(key, claim, scripts.claim(), args, limit)
            .thenCompose(
                reply -> isDone(reply) ? completed(Optional.<Entry>empty()) : read(key, reply)));
  }

  @Override
  public CompletionStage<Boolean> takeOver(LookupKey key, Token seen, Claim claim, Duration limit) {
    byte[] packed = pack(key, EntryCodec.encodeClaim(claim.fingerprint(), 1));
    byte[][] args = {
      StoredValue.bytes(claim.token()),
      packed,
      millis(claim.lease()),
      millis(claim.ttl()),
      StoredValue.bytes(seen)
    };
    return answer(
        claiming(key, claim, scripts.takeOver(), args, limit).thenApply(RedisStore::isDone));
  }

  /** What may have been claimed for nobody is taken back. */
  private CompletableFuture<byte[]> claiming(
      LookupKey key, Claim claim, RedisScript script, byte[][] args, Duration limit) {
    byte[][] keys = {name(key), tombstone(key, claim.token())};
    return redis
        .call(script, keys, args, limit, true)
        .whenComplete(
            (reply, error) -> {
              if (error != null && maybeDone(error)) {
                takeBack(keys, claim);
              }
            })
        .thenApply(RedisStore::unlessVoid);
  }

  private void takeBack(byte[][] keys, Claim claim) {
    byte[][] args = {StoredValue.bytes(claim.token()), millis(claim.lease())};
    unfinished.add(() -> redis.callPatiently(scripts.takeBack(), keys, args, PATIENCE), 256, WORTH);
  }

  private static byte[] unlessVoid(byte[] reply) {
    if (Arrays.equals(reply, StoreScripts.VOID.getBytes(StandardCharsets.US_ASCII))) {
      throw new StoreFailure(StoreFailure.Kind.UNAVAILABLE, null);
    }
    return reply;
  }

  @Override
  public CompletionStage<Boolean> renew(
      LookupKey key, Token token, Duration lease, Duration limit) {
    byte[][] args = {StoredValue.bytes(token), millis(lease)};
    return yesOrNo(redis.call(scripts.renew(), names(key), args, limit, false));
  }

  @Override
  public CompletionStage<Boolean> settle(
      LookupKey key, Token token, Entry.Settled entry, Duration ttl, Duration limit) {
    State state = State.of(entry);
    byte[] content = EntryCodec.encode(state, entry, 1);
    return answer(
        onWorkers(content.length, () -> pack(key, content))
            .thenCompose(packed -> settle(key, token, state, packed, ttl, limit))
            .thenApply(RedisStore::isDone));
  }

  private CompletableFuture<byte[]> settle(
      LookupKey key, Token token, State state, byte[] packed, Duration ttl, Duration limit) {
    byte[] letter = {(byte) state.letter()};
    byte[][] args = {StoredValue.bytes(token), packed, letter, millis(ttl)};
    return again(scripts.settle(), names(key), args, limit, packed.length);
  }

  @Override
  public CompletionStage<Boolean> release(LookupKey key, Token token, Duration limit) {
    byte[][] args = {StoredValue.bytes(token)};
    return yesOrNo(again(scripts.release(), names(key), args, limit, 256));
  }

  /** Once for who waits, and, where that fails, on and on in the background. */
  private CompletableFuture<byte[]> again(
      RedisScript script, byte[][] keys, byte[][] args, Duration limit, int size) {
    return redis
        .call(script, keys, args, limit, false)
        .whenComplete(
            (reply, error) -> {
              if (error != null && isWorthRepeating(error)) {
                unfinished.add(
                    () -> redis.callPatiently(script, keys, args, PATIENCE), size, WORTH);
              }
            });
  }

  @Override
  public CompletionStage<Optional<Entry>> find(LookupKey key, Duration limit) {
    return answer(
        redis
            .call(scripts.find(), names(key), new byte[0][], limit, false)
            .thenCompose(
                reply ->
                    reply.length == 0 ? completed(Optional.<Entry>empty()) : read(key, reply)));
  }

  @Override
  public CompletionStage<Boolean> clear(LookupKey key, Duration limit) {
    return yesOrNo(redis.call(scripts.clear(), names(key), new byte[0][], limit, false));
  }

  /** What is still to be done in the background. */
  int unfinished() {
    return unfinished.count();
  }

  private CompletableFuture<Optional<Entry>> read(LookupKey key, byte[] reply) {
    return onWorkers(reply.length, () -> Optional.of(StoredValue.read(seal, key, reply)));
  }

  private <T> CompletableFuture<T> onWorkers(int size, Supplier<T> work) {
    return size > LARGE && seal.isWork(size)
        ? CompletableFuture.supplyAsync(work, workers)
        : completed(work.get());
  }

  private byte[] pack(LookupKey key, byte[] content) {
    return seal.pack(key, content);
  }

  private static byte[] name(LookupKey key) {
    return (PREFIX + "{" + key.text() + "}").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[][] names(LookupKey key) {
    return new byte[][] {name(key)};
  }

  private static byte[] tombstone(LookupKey key, Token token) {
    HexFormat hex = HexFormat.of();
    String name =
        PREFIX
            + "{"
            + key.text()
            + "}:void:"
            + hex.toHexDigits(token.high())
            + hex.toHexDigits(token.low());
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  // At least one: Redis takes nothing less for a time to live.
  private static byte[] millis(Duration duration) {
    return Long.toString(Math.max(1, duration.toMillis())).getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isDone(byte[] reply) {
    return reply.length == 1 && reply[0] == '1';
  }

  private static CompletionStage<Boolean> yesOrNo(CompletableFuture<byte[]> reply) {
    return answer(reply.thenApply(RedisStore::isDone));
  }

  private static <T> CompletableFuture<T> completed(T value) {
    return CompletableFuture.completedFuture(value);
  }

  /** Whatever went wrong, as the contract says it. */
  private static <T> CompletionStage<T> answer(CompletableFuture<T> stage) {
    return stage.handle(RedisStore::<T>ended).thenCompose(Function.identity());
  }

  private static <T> CompletableFuture<T> ended(T value, @Nullable Throwable error) {
    return error == null ? completed(value) : CompletableFuture.failedFuture(failure(error));
  }

  private static StoreFailure failure(Throwable error) {
    Throwable cause = cause(error);
    if (cause instanceof StoreFailure failure) {
      return failure;
    }
    return new StoreFailure(
        cause instanceof RedisFailure failure ? kind(failure) : StoreFailure.Kind.GARBAGE, cause);
  }

  private static StoreFailure.Kind kind(RedisFailure failure) {
    return switch (failure.kind()) {
      case UNAVAILABLE -> StoreFailure.Kind.UNAVAILABLE;
      case TIMEOUT -> StoreFailure.Kind.TIMEOUT;
      case READ_ONLY -> StoreFailure.Kind.READ_ONLY;
      case FULL -> StoreFailure.Kind.FULL;
      case NOT_REPLICATED -> StoreFailure.Kind.NOT_REPLICATED;
      case REFUSED -> StoreFailure.Kind.GARBAGE;
    };
  }

  private static boolean maybeDone(Throwable error) {
    return cause(error) instanceof RedisFailure failure && failure.maybeDone();
  }

  private static boolean isWorthRepeating(Throwable error) {
    return cause(error) instanceof RedisFailure failure
        && failure.kind() != RedisFailure.Kind.REFUSED;
  }

  private static Throwable cause(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}

package dev.headgate.policy.idempotency;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Whatever happens at once could have happened one after the other. */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "token", gen = IntGen.class, conf = "1:3")
public class EmbeddedLincheckIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Fingerprint PRINT = Answers.fingerprint(1);

  private final EmbeddedStore store = new EmbeddedStore(1 << 20, () -> 0);

  private static LookupKey key(int key) {
    return new LookupKey("k" + key);
  }

  private static Token token(int token) {
    return new Token(0, token);
  }

  @Operation
  public String claim(@Param(name = "key") int key, @Param(name = "token") int token) {
    Claim claim = new Claim(token(token), PRINT, HOUR, HOUR);
    return Answers.of(store.claim(key(key), claim, HOUR)).map(Answers::text).orElse("ours");
  }

  @Operation
  public boolean takeOver(
      @Param(name = "key") int key,
      @Param(name = "token") int seen,
      @Param(name = "token") int token) {
    Claim claim = new Claim(token(token), PRINT, HOUR, HOUR);
    return Answers.of(store.takeOver(key(key), token(seen), claim, HOUR));
  }

  @Operation
  public boolean answer(@Param(name = "key") int key, @Param(name = "token") int token) {
    return Answers.of(
        store.settle(key(key), token(token), Answers.completed(PRINT, 200, "a"), HOUR, HOUR));
  }

  @Operation
  public boolean unknown(@Param(name = "key") int key, @Param(name = "token") int token) {
    return Answers.of(
        store.settle(key(key), token(token), new Entry.Unknown(PRINT, token(token)), HOUR, HOUR));
  }

  @Operation
  public boolean release(@Param(name = "key") int key, @Param(name = "token") int token) {
    return Answers.of(store.release(key(key), token(token), HOUR));
  }

  @Operation
  public boolean renew(@Param(name = "key") int key, @Param(name = "token") int token) {
    return Answers.of(store.renew(key(key), token(token), HOUR, HOUR));
  }

  @Operation
  public String find(@Param(name = "key") int key) {
    return Answers.of(store.find(key(key), HOUR)).map(Answers::text).orElse("free");
  }

  @Test
  void callsAreLinearizable() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(300)
        .threads(2)
        .actorsPerThread(4)
        .check(EmbeddedLincheckIT.class);
  }
}

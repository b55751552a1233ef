package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Clients hammer the same keys while gateways, Redis and connections die: no key has two effects,
 * all clients of a key get one answer, and nothing is stuck. {@code -Dheadgate.effect.seconds} says
 * for how long, {@code -Dheadgate.effect.seed} repeats what a run has printed.
 */
@Once
class EffectIT {
  private static final long SEED =
      Long.getLong("headgate.effect.seed", new SecureRandom().nextInt());
  private static final int SECONDS = Integer.getInteger("headgate.effect.seconds", 40);

  /** A lease of six seconds, one last try, and what a busy machine takes. */
  private static final Duration SETTLED = Duration.ofSeconds(40);

  private static final EffectLedger LEDGER = new EffectLedger();
  private static final EffectLedger BARE = new EffectLedger();
  private static final EffectService SERVICE =
      new EffectService(target -> target.startsWith("/bare/") ? BARE : LEDGER, SEED);
  private static final EffectStand STAND = new EffectStand(SERVICE);

  @AfterAll
  static void stop() throws Exception {
    STAND.close();
    SERVICE.close();
  }

  @Test
  void noKeyHasTwoEffectsAndEachHasOneAnswerWhateverFails() throws Exception {
    System.out.println("effect test: -Dheadgate.effect.seed=" + SEED);
    BooleanSupplier on = within(Duration.ofSeconds(SECONDS));
    EffectClients pay = new EffectClients(LEDGER, "pay", STAND.ports());
    EffectClients known = new EffectClients(LEDGER, "known", STAND.ports());
    CompletableFuture<Void> payers = beside(() -> pay.run(SEED, on));
    CompletableFuture<Void> others = beside(() -> known.run(SEED + 1_000, on));

    STAND.suffer(EffectSchedule.of(SEED), on);
    payers.join();
    others.join();
    STAND.repair();
    pay.settle(SETTLED);
    known.settle(SETTLED);

    System.out.println("effect test: " + LEDGER.summary());
    assertThat(LEDGER.keys()).hasSizeGreaterThan(SECONDS);
    assertThat(LEDGER.faults()).as("seed %s: %s", SEED, LEDGER.summary()).isEmpty();
  }

  @Test
  void withoutKeysThereAreSecondEffectsAndTheyAreSeen() throws Exception {
    EffectClients bare = new EffectClients(BARE, "bare", STAND.ports());

    bare.run(SEED, within(Duration.ofSeconds(2)));

    assertThat(BARE.faults())
        .anyMatch(fault -> fault.matches("bare-[0-9]+ had [0-9]+ effects: .*"));
    assertThat(BARE.faults())
        .anyMatch(fault -> fault.matches("bare-[0-9]+ had [0-9]+ answers: .*"));
  }

  private static BooleanSupplier within(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return () -> System.nanoTime() < end;
  }

  /** What may fail in any way. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> beside(Work work) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            work.run();
          } catch (Exception failure) {
            throw new IllegalStateException(failure);
          }
        },
        task -> new Thread(task, "effect-clients").start());
  }
}

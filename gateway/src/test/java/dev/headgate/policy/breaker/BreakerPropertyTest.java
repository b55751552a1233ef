package dev.headgate.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Property;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Any interleaving of tries, their ends (late ones too), and time, against a breaker written down
 * plainly: who is let through, what it is in, how many trials there are left.
 */
class BreakerPropertyTest {
  private interface Making {
    Breaker of(BreakerConfig config, LongSupplier nanos);
  }

  /** A breaker with one thing wrong, which the property must find. */
  enum Mutant implements Making {
    COUNTS_WHAT_IS_LATE {
      @Override
      public Breaker of(BreakerConfig config, LongSupplier nanos) {
        return new Breaker("svc", config, nanos, Decisions.UNCOUNTED) {
          @Override
          boolean isCurrent(Permission permission) {
            return true;
          }
        };
      }
    },
    LOSES_PERMISSIONS {
      @Override
      public Breaker of(BreakerConfig config, LongSupplier nanos) {
        return new Breaker("svc", config, nanos, Decisions.UNCOUNTED) {
          @Override
          void unused(Permission permission) {
            settle(permission);
          }
        };
      }
    },
    LISTENS_TWICE {
      @Override
      public Breaker of(BreakerConfig config, LongSupplier nanos) {
        return new Breaker("svc", config, nanos, Decisions.UNCOUNTED) {
          @Override
          boolean settle(Permission permission) {
            super.settle(permission);
            return true;
          }
        };
      }
    },
    TAKES_A_LETTING_GO_FOR_A_SUCCESS {
      @Override
      public Breaker of(BreakerConfig config, LongSupplier nanos) {
        return new Breaker("svc", config, nanos, Decisions.UNCOUNTED) {
          @Override
          void unused(Permission permission) {
            succeeded(permission, 0);
          }
        };
      }
    },
    WAITS_FOR_TRIALS_FOR_EVER {
      @Override
      public Breaker of(BreakerConfig config, LongSupplier nanos) {
        return new Breaker("svc", config, nanos, Decisions.UNCOUNTED) {
          @Override
          boolean judgeOverdue(Phase halfOpen) {
            return false;
          }
        };
      }
    }
  }

  private enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /** A try of the model and the permission that it has. */
  private static final class Call {
    final Permission permission;
    final int phase;
    boolean answered;

    Call(Permission permission, int phase) {
      this.permission = permission;
      this.phase = phase;
    }
  }

  private static final class Run {
    private static final Duration TRIAL_LIMIT = Duration.ofSeconds(60);

    private final Random random;
    private final BreakerConfig config;
    private final Breaker breaker;
    private final List<Call> calls = new ArrayList<>();
    private final List<Call> told = new ArrayList<>();
    private final Deque<Boolean> results = new ArrayDeque<>();
    private long now = 1_000_000_007L;
    private State state = State.CLOSED;
    private int phase;
    private long since;
    private int trials;

    Run(Random random, Making making) {
      this.random = random;
      int trialCalls = 1 + random.nextInt(4);
      int minimum = trialCalls + random.nextInt(5);
      this.config =
          new BreakerConfig(
              Property.oneOf(random, List.of(1.0, 34.0, 50.0, 100.0)),
              Statuses.SERVER_ERRORS,
              null,
              80,
              minimum + random.nextInt(5),
              minimum,
              Duration.ofSeconds(1 + random.nextInt(3)),
              trialCalls,
              Duration.ZERO);
      this.breaker = making.of(config, () -> now);
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> acquire();
        case 4, 5, 6 -> end(false);
        case 7 -> end(true);
        case 8 -> letGo();
        case 9 -> answer();
        case 10 -> tellAgain();
        default -> now += Duration.ofMillis(random.nextInt(1_500)).toNanos();
      }
      if (random.nextInt(60) == 0) {
        now += TRIAL_LIMIT.toNanos();
      }
      String word =
          switch (state) {
            case CLOSED -> "closed";
            case OPEN -> "open";
            case HALF_OPEN -> "half-open";
          };
      assertThat(breaker.word()).isEqualTo(word);
    }

    private void acquire() {
      boolean expected = mayPass();
      Permission permission = breaker.tryAcquire();
      assertThat(permission != null).as("let through").isEqualTo(expected);
      if (permission != null) {
        calls.add(new Call(permission, phase));
      }
    }

    private boolean mayPass() {
      if (state == State.OPEN && now - since > config.openFor().toNanos()) {
        become(State.HALF_OPEN);
        trials = config.halfOpenCalls();
      }
      if (state == State.HALF_OPEN && trials == 0 && now - since >= TRIAL_LIMIT.toNanos()) {
        judge();
      }
      if (state == State.HALF_OPEN) {
        return trials-- > 0 || ++trials > 0;
      }
      return state == State.CLOSED;
    }

    private void judge() {
      int judged = phase;
      for (Call call : List.copyOf(calls)) {
        if (call.phase == judged) {
          calls.remove(call);
          told.add(call);
          result(call, call.answered);
        }
      }
    }

    private void end(boolean well) {
      if (!calls.isEmpty()) {
        Call call = taken();
        if (well) {
          breaker.succeeded(call.permission, 0);
        } else {
          breaker.failed(call.permission, 0);
        }
        result(call, well);
      }
    }

    private void letGo() {
      if (!calls.isEmpty()) {
        Call call = taken();
        breaker.unused(call.permission);
        if (call.phase == phase && state == State.HALF_OPEN) {
          trials++;
        }
      }
    }

    private void answer() {
      if (!calls.isEmpty()) {
        Call call = Property.oneOf(random, calls);
        call.answered = true;
        call.permission.answered(1);
      }
    }

    private void tellAgain() {
      if (!told.isEmpty()) {
        Permission permission = Property.oneOf(random, told).permission;
        if (random.nextBoolean()) {
          breaker.failed(permission, 0);
        } else {
          breaker.unused(permission);
        }
      }
    }

    private Call taken() {
      Call call = Property.oneOf(random, calls);
      calls.remove(call);
      told.add(call);
      return call;
    }

    private void result(Call call, boolean well) {
      if (call.phase != phase || state == State.OPEN) {
        return;
      }
      results.add(well);
      int size = state == State.CLOSED ? config.window() : config.halfOpenCalls();
      if (results.size() > size) {
        results.remove();
      }
      int enough = state == State.CLOSED ? config.minimumCalls() : config.halfOpenCalls();
      if (results.size() < enough) {
        return;
      }
      long failures = results.stream().filter(r -> !r).count();
      if (failures * 100.0 / results.size() >= config.failureRate()) {
        become(State.OPEN);
      } else if (state == State.HALF_OPEN) {
        become(State.CLOSED);
      }
    }

    private void become(State next) {
      state = next;
      since = now;
      phase++;
      results.clear();
    }
  }

  private static void holds(int cases, Making making) {
    Property.forAll(
        cases,
        random -> {
          Run run = new Run(random, making);
          for (int steps = random.nextInt(150); steps > 0; steps--) {
            run.step();
          }
        });
  }

  @Test
  void statesAndPermissionsAreRightWhateverHappens() {
    holds(4_000, (config, nanos) -> new Breaker("svc", config, nanos, Decisions.UNCOUNTED));
  }

  @ParameterizedTest
  @EnumSource
  void aMutantIsCaught(Mutant mutant) {
    assertThatThrownBy(() -> holds(4_000, mutant)).isInstanceOf(AssertionError.class);
  }
}

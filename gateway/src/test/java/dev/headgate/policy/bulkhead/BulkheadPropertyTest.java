package dev.headgate.policy.bulkhead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Property;
import dev.headgate.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Any interleaving of taking, queueing, giving back, letting go, other limits and turns of three
 * event loops, against a model: who holds a permit, who waits, in which order. The model knows
 * nothing of loops; a grant may be seen late, but never by another than the first in the queue.
 */
class BulkheadPropertyTest {
  private static final Duration WAIT = Duration.ofSeconds(1);

  /** A bulkhead with one thing wrong, which the property must find. */
  enum Mutant implements Function<BulkheadConfig, Bulkhead> {
    LOSES_WAKE_UPS {
      @Override
      public Bulkhead apply(BulkheadConfig limits) {
        return new Bulkhead(limits) {
          private int times;

          @Override
          void serve() {
            if (++times % 3 != 0) {
              super.serve();
            }
          }
        };
      }
    },
    SERVES_THE_NEWEST {
      @Override
      public Bulkhead apply(BulkheadConfig limits) {
        return new Bulkhead(limits) {
          @Override
          @Nullable Waiting next(NavigableSet<Waiting> waiting) {
            return waiting.pollLast();
          }
        };
      }
    },
    KEEPS_THE_PLACE_OF_THE_ONE_THAT_LEFT {
      @Override
      public Bulkhead apply(BulkheadConfig limits) {
        return new Bulkhead(limits) {
          @Override
          boolean leave(Waiting waiting) {
            return waiting.claim();
          }
        };
      }
    },
    TAKES_TWO {
      @Override
      public Bulkhead apply(BulkheadConfig limits) {
        return new Bulkhead(limits) {
          @Override
          boolean tryAcquire() {
            boolean first = super.tryAcquire();
            return first && (super.tryAcquire() || first);
          }
        };
      }
    },
    FORGETS_A_PERMIT_WHEN_LIMITS_CHANGE {
      @Override
      public Bulkhead apply(BulkheadConfig limits) {
        return new Bulkhead(limits) {
          @Override
          void limits(BulkheadConfig changed) {
            int before = waiting();
            super.limits(changed);
            if (before > 0 && inUse() > 1) {
              release();
            }
          }
        };
      }
    }
  }

  /** One try, as the model sees it. */
  private static final class Client {
    final VirtualTime loop;
    @Nullable Waiting place;
    boolean holds;
    int grants;

    Client(VirtualTime loop) {
      this.loop = loop;
    }
  }

  private static final class Run {
    private final Random random;
    private final Bulkhead bulkhead;
    private final List<VirtualTime> loops =
        List.of(new VirtualTime(), new VirtualTime(), new VirtualTime());
    private final List<Client> holders = new ArrayList<>();
    private final Deque<Client> queue = new ArrayDeque<>();
    private BulkheadConfig limits;

    Run(Random random, Function<BulkheadConfig, Bulkhead> made) {
      this.random = random;
      this.limits = limits(random);
      this.bulkhead = made.apply(limits);
    }

    private static BulkheadConfig limits(Random random) {
      return new BulkheadConfig(1 + random.nextInt(4), random.nextInt(6), WAIT);
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> arrive();
        case 4, 5 -> end();
        case 6 -> letGo();
        case 7 -> change();
        default -> Property.oneOf(random, loops).run();
      }
      check();
    }

    private void arrive() {
      Client client = new Client(Property.oneOf(random, loops));
      boolean free = queue.isEmpty() && holders.size() < limits.maxConcurrent();
      assertThat(bulkhead.tryAcquire()).as("a permit at once").isEqualTo(free);
      if (free) {
        client.holds = true;
        holders.add(client);
        return;
      }
      if (Property.chance(random, 20)) {
        // A hedge.
        return;
      }
      boolean room = queue.size() < limits.maxWaiting();
      Waiting place = bulkhead.enqueue(client.loop.loop(), () -> client.grants++);
      assertThat(place != null).as("a place in the queue").isEqualTo(room);
      if (place != null) {
        client.place = place;
        queue.add(client);
      }
    }

    private void end() {
      List<Client> running = holders.stream().filter(c -> c.holds || c.grants > 0).toList();
      if (!running.isEmpty()) {
        Client client = Property.oneOf(random, running);
        holders.remove(client);
        bulkhead.release();
        serve();
      }
    }

    /** One that waits, or has been given a permit that it has not seen yet, wants it no more. */
    private void letGo() {
      List<Client> all = new ArrayList<>(queue);
      holders.stream().filter(c -> !c.holds && c.grants == 0).forEach(all::add);
      if (all.isEmpty()) {
        return;
      }
      Client client = Property.oneOf(random, all);
      boolean waited = queue.remove(client);
      assertThat(bulkhead.leave(java.util.Objects.requireNonNull(client.place)))
          .as("left in time")
          .isEqualTo(waited);
      if (!waited) {
        holders.remove(client);
        bulkhead.release();
        serve();
      }
    }

    private void change() {
      limits = limits(random);
      bulkhead.limits(limits);
      serve();
    }

    private void serve() {
      while (!queue.isEmpty() && holders.size() < limits.maxConcurrent()) {
        holders.add(queue.remove());
      }
    }

    private void check() {
      assertThat(bulkhead.inUse()).as("in use").isEqualTo(holders.size());
      assertThat(bulkhead.waiting()).as("waiting").isEqualTo(queue.size());
      assertThat(queue).as("nobody before his turn").allMatch(client -> client.grants == 0);
      assertThat(holders).as("granted once").allMatch(client -> client.grants <= 1);
    }

    void finish() {
      loops.forEach(VirtualTime::run);
      assertThat(holders)
          .as("everybody whose turn it is knows")
          .allMatch(client -> client.holds || client.grants == 1);
      while (!holders.isEmpty()) {
        holders.remove(0);
        bulkhead.release();
        serve();
      }
      loops.forEach(VirtualTime::run);
      check();
      assertThat(bulkhead.inUse()).isZero();
      assertThat(bulkhead.waiting()).isZero();
    }
  }

  private static void holds(int cases, Function<BulkheadConfig, Bulkhead> made) {
    Property.forAll(
        cases,
        random -> {
          Run run = new Run(random, made);
          for (int steps = random.nextInt(80); steps > 0; steps--) {
            run.step();
          }
          run.finish();
        });
  }

  @Test
  void permitsAndOrderAreRightWhateverHappens() {
    holds(3_000, Bulkhead::new);
  }

  @ParameterizedTest
  @EnumSource
  void aMutantIsCaught(Mutant mutant) {
    assertThatThrownBy(() -> holds(3_000, mutant)).isInstanceOf(AssertionError.class);
  }
}

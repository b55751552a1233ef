package dev.headgate.policy.bulkhead;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Real threads, as many tries at once as there are places in the queue, with limits moving. */
class BulkheadStressTest {
  private static final int MOST = 3;
  private static final int TRIES = 40_000;

  private final Bulkhead bulkhead = new Bulkhead(config(MOST));
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicBoolean tooMany = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(TRIES);

  private static BulkheadConfig config(int permits) {
    return new BulkheadConfig(permits, 65_536, Duration.ofSeconds(1));
  }

  /** One try; everything about it on its own loop, as the chain has it. */
  private final class One {
    private final EventLoop loop;
    private final int fate;
    private boolean done;

    One(EventLoop loop, int fate) {
      this.loop = loop;
      this.fate = fate;
    }

    void begin() {
      if (bulkhead.tryAcquire()) {
        run();
        return;
      }
      Waiting place = bulkhead.enqueue(loop, this::granted);
      if (place == null) {
        over.countDown();
      } else if (fate == 0) {
        loop.execute(() -> letGo(place));
      }
    }

    private void granted() {
      if (!done) {
        run();
      }
    }

    private void letGo(Waiting place) {
      if (!done) {
        done = true;
        if (!bulkhead.leave(place)) {
          bulkhead.release();
        }
        over.countDown();
      }
    }

    private void run() {
      done = true;
      if (running.incrementAndGet() > MOST) {
        tooMany.set(true);
      }
      loop.execute(
          () -> {
            running.decrementAndGet();
            bulkhead.release();
            over.countDown();
          });
    }
  }

  @Test
  void nobodyIsForgottenAndNeverTooManyRun() throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(4, LocalIoHandler.newFactory());
    try {
      Random random = new Random(4711);
      for (int i = 0; i < TRIES; i++) {
        EventLoop loop = loops.next();
        One one = new One(loop, random.nextInt(4));
        loop.execute(one::begin);
        if (i % 100 == 0) {
          bulkhead.limits(config(1 + random.nextInt(MOST)));
        }
      }
      assertThat(over.await(30, TimeUnit.SECONDS)).as("everybody ends").isTrue();
      assertThat(tooMany).isFalse();
      assertThat(bulkhead.inUse()).isZero();
      assertThat(bulkhead.waiting()).isZero();
    } finally {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }
}

package dev.headgate.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that count only once replicas have them. {@code WAIT} holds up everything behind it on its
 * connection, so there is one at a time, for all calls that have come while the last one waited.
 */
final class ReplicatedLane {
  private static final int MOST_WAITING = 8_192;

  private final Pipe pipe;
  private final int replicas;
  private final LongSupplier ticker;
  private final Queue<Item> waiting = new ArrayDeque<>();
  private boolean busy;

  ReplicatedLane(Pipe pipe, int replicas, LongSupplier ticker) {
    this.pipe = pipe;
    this.replicas = replicas;
    this.ticker = ticker;
  }

  /** Too few replicas have confirmed. */
  static final class NotReplicated extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotReplicated(long count, int wanted) {
      super(
          "%d replicas confirmed (expected: %d or more)".formatted(count, wanted),
          null,
          false,
          false);
    }
  }

  private static final class Item {
    private final Call call;
    private final Pipe.Answer answer;
    // Written and read by the connection's thread, and before anything is sent.
    private boolean over;
    private boolean missedItsWait;
    private byte @Nullable [] value;

    Item(Call call, Pipe.Answer answer) {
      this.call = call;
      this.answer = answer;
    }

    void end(byte @Nullable [] result, @Nullable Throwable error) {
      over = true;
      answer.came(result, error);
    }
  }

  void run(Call call, Pipe.Answer answer) {
    if (enter(new Item(call, answer))) {
      pump();
    } else {
      answer.came(null, new Load.Full());
    }
  }

  private boolean enter(Item item) {
    synchronized (waiting) {
      return waiting.size() < MOST_WAITING && waiting.add(item);
    }
  }

  private void pump() {
    List<Item> group;
    synchronized (waiting) {
      waiting.removeIf(item -> item.call.isOver());
      if (busy || waiting.isEmpty()) {
        return;
      }
      group = new ArrayList<>(waiting);
      waiting.clear();
      busy = true;
    }
    long left = 0;
    for (Item item : group) {
      left = Math.max(left, item.call.leftNanos(ticker.getAsLong()));
      if (item.value == null) {
        pipe.run(item.call, (value, error) -> ran(item, value, error));
      }
    }
    // 0 would be for ever.
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(left) - 1);
    pipe.waitFor(replicas, millis).whenComplete((count, error) -> waited(group, count, error));
  }

  private void ran(Item item, byte @Nullable [] value, @Nullable Throwable error) {
    if (value == null) {
      item.end(null, error);
      return;
    }
    item.value = value;
    // Redis did not know the script, and it ran by its text behind the WAIT that was meant for it.
    if (!item.missedItsWait) {
      return;
    }
    if (enter(item)) {
      pump();
    } else {
      item.end(null, new Load.Full());
    }
  }

  private void waited(List<Item> group, @Nullable Long count, @Nullable Throwable error) {
    for (Item item : group) {
      if (item.over) {
        continue;
      }
      if (item.value == null) {
        item.missedItsWait = true;
      } else if (error != null) {
        item.call.lost();
        item.end(null, error);
      } else if (count == null || count < replicas) {
        item.end(null, new NotReplicated(count == null ? 0 : count, replicas));
      } else {
        item.end(item.value, null);
      }
    }
    synchronized (waiting) {
      busy = false;
    }
    pump();
  }
}

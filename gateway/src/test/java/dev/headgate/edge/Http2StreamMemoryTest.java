package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.edge.Http2StreamMemory.State;
import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Http2StreamMemoryTest {
  private final Http2StreamMemory streams = new Http2StreamMemory(100);

  @Test
  void tellsWhatWasOpenedFromWhatWasPassedOver() {
    streams.opened(5);

    assertThat(streams.of(7)).isEqualTo(State.IDLE);
    assertThat(streams.of(5)).isEqualTo(State.OPEN);
    assertThat(streams.of(3)).isEqualTo(State.SKIPPED);
    assertThat(streams.of(1)).isEqualTo(State.SKIPPED);
  }

  @Test
  void lateOctetsAreCountedToALimit() {
    streams.opened(1);
    streams.ended(1);

    assertThat(streams.late(1, 60)).isTrue();
    assertThat(streams.late(1, 41)).isFalse();
    assertThat(streams.late(1, 40)).isTrue();
    assertThat(streams.late(1, 1)).isFalse();
    assertThat(streams.late(3, 1)).isFalse();
    assertThat(streams.of(1)).isEqualTo(State.ENDED);
  }

  @Test
  void forgetsTheOldestAndSaysSo() {
    for (int i = 0; i <= Http2StreamMemory.SIZE; i++) {
      streams.opened(4 * i + 1);
    }

    assertThat(streams.of(1)).isEqualTo(State.FORGOTTEN);
    assertThat(streams.of(3)).isEqualTo(State.FORGOTTEN);
    assertThat(streams.of(5)).isEqualTo(State.OPEN);
    assertThat(streams.of(7)).isEqualTo(State.SKIPPED);
  }

  @Test
  void agreesWithAMemoryThatForgetsNothing() {
    Property.forAll(
        200,
        random -> {
          Http2StreamMemory memory = new Http2StreamMemory(1_000);
          Map<Integer, State> all = new HashMap<>();
          List<Integer> order = new ArrayList<>();
          int last = 0;
          for (int i = 0; i < 2_000; i++) {
            int id = 2 * random.nextInt(last + 8) + 1;
            if (id > last) {
              memory.opened(id);
              all.put(id, State.OPEN);
              order.add(id);
              last = id;
            } else if (random.nextBoolean()) {
              memory.ended(id);
              all.computeIfPresent(id, (known, state) -> State.ENDED);
            } else {
              memory.reset(id);
              all.computeIfPresent(id, (known, state) -> State.RESET);
            }
            int oldest = order.get(Math.max(0, order.size() - Http2StreamMemory.SIZE));
            int asked = 2 * random.nextInt(last + 4) + 1;
            State expected =
                asked > last
                    ? State.IDLE
                    : asked < oldest && order.size() > Http2StreamMemory.SIZE
                        ? State.FORGOTTEN
                        : all.getOrDefault(asked, State.SKIPPED);
            assertThat(memory.of(asked)).as("stream %d", asked).isEqualTo(expected);
          }
        });
  }
}

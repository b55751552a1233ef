package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverloadTest {
  @Test
  void refusesWhatIsAboveTheLimitOfRequests() {
    Overload overload = new Overload(2, 100);
    assertThat(overload.refuses(2)).isFalse();
    assertThat(overload.refuses(3)).isTrue();
    assertThat(overload.full(1)).isFalse();
    assertThat(overload.full(2)).isTrue();
    assertThat(overload.refused()).isEqualTo(1);
  }

  @Test
  void zeroIsNoLimit() {
    Overload overload = new Overload(0, 100);
    assertThat(overload.refuses(1_000_000)).isFalse();
    assertThat(overload.full(1_000_000)).isFalse();
  }

  @Test
  void refusesWhileMemoryIsFullAndUntilThereIsSomeRoomAgain() {
    Overload overload = new Overload(0, 85);
    overload.memory(849, 1_000);
    assertThat(overload.refuses(1)).isFalse();

    overload.memory(850, 1_000);
    assertThat(overload.refuses(1)).isTrue();
    assertThat(overload.memoryFull()).isTrue();

    overload.memory(810, 1_000);
    assertThat(overload.refuses(1)).as("no flapping at the limit").isTrue();

    overload.memory(799, 1_000);
    assertThat(overload.refuses(1)).isFalse();
  }

  @Test
  void largeMemoriesDoNotOverflow() {
    Overload overload = new Overload(0, 85);
    overload.memory(Long.MAX_VALUE / 2, Long.MAX_VALUE);
    assertThat(overload.memoryFull()).isFalse();
  }
}

package dev.headgate.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decision alone, with a signal that follows a script: each wait takes the next line of it. */
class ChangeDetectorTest {
  private static final Duration POLL = Duration.ofSeconds(10);
  private static final Duration QUIET = Duration.ofMillis(250);

  /** What happens during one wait: the content afterwards, and whether an event told of it. */
  private record Turn(String content, boolean event) {}

  private static final class Script implements ChangeSignal {
    final Deque<Turn> turns = new ArrayDeque<>();
    final List<Duration> waits = new ArrayList<>();
    String content = "old";
    int refreshed;

    @Override
    public void refresh() {
      refreshed++;
    }

    @Override
    public boolean await(Duration limit) {
      waits.add(limit);
      Turn turn = turns.remove();
      content = turn.content();
      return turn.event();
    }

    @Override
    public void close() {}
  }

  private final Script script = new Script();
  private final ChangeDetector detector =
      new ChangeDetector(script, () -> snapshot(script.content), POLL, QUIET);

  @Test
  void tellsAChangeAfterQuietAndTwoEqualReadings() throws InterruptedException {
    script.turns.add(new Turn("new", true));
    script.turns.add(new Turn("new", false));

    assertThat(changeFrom("old")).isEqualTo(snapshot("new"));
    assertThat(script.waits).containsExactly(POLL, QUIET);
  }

  @Test
  void waitsOnWhileAFileIsBeingWritten() throws InterruptedException {
    script.turns.add(new Turn("ne", true));
    script.turns.add(new Turn("new", true));
    script.turns.add(new Turn("newer", false));
    script.turns.add(new Turn("newer", false));

    assertThat(changeFrom("old")).isEqualTo(snapshot("newer"));
    assertThat(script.turns).isEmpty();
  }

  @Test
  void waitsOnWhileEventsComeThoughTheContentLooksTheSame() throws InterruptedException {
    script.turns.add(new Turn("new", true));
    script.turns.add(new Turn("new", true));
    script.turns.add(new Turn("new", true));
    script.turns.add(new Turn("new", false));

    assertThat(changeFrom("old")).isEqualTo(snapshot("new"));
    assertThat(script.turns).isEmpty();
  }

  @Test
  void noticesByPollingWhereNoEventComes() throws InterruptedException {
    script.turns.add(new Turn("old", false));
    script.turns.add(new Turn("new", false));
    script.turns.add(new Turn("new", false));

    assertThat(changeFrom("old")).isEqualTo(snapshot("new"));
    assertThat(script.waits).containsExactly(POLL, POLL, QUIET);
  }

  @Test
  void tellsNothingOfAChangeThatIsTakenBack() throws InterruptedException {
    script.turns.add(new Turn("ne", true));
    script.turns.add(new Turn("old", true));
    script.turns.add(new Turn("old", false));
    script.turns.add(new Turn("new", true));
    script.turns.add(new Turn("new", false));

    assertThat(changeFrom("old")).isEqualTo(snapshot("new"));
    assertThat(script.turns).isEmpty();
  }

  @Test
  void findsAChangeThatLandedBeforeTheWaitBegan() throws InterruptedException {
    script.content = "landed";
    script.turns.add(new Turn("landed", false));

    assertThat(changeFrom("old")).isEqualTo(snapshot("landed"));
    assertThat(script.waits).containsExactly(QUIET);
  }

  @Test
  void attendsToTheFoldersBeforeEachReading() throws InterruptedException {
    script.turns.add(new Turn("new", true));
    script.turns.add(new Turn("new", false));

    changeFrom("old");

    assertThat(script.refreshed).isEqualTo(3);
  }

  private Snapshot changeFrom(String known) throws InterruptedException {
    return detector.awaitChange(snapshot(known).digest());
  }

  private static Snapshot snapshot(String content) {
    return Snapshot.of(List.of(ConfigFile.of("routes/r.yml", content)), List.of());
  }
}

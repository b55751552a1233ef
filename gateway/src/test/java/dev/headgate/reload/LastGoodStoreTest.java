package dev.headgate.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastGoodStoreTest {
  private static final List<ConfigFile> OLD = List.of(ConfigFile.of("routes/a.yml", "old"));
  private static final List<ConfigFile> NEW =
      List.of(ConfigFile.of("routes/a.yml", "new"), ConfigFile.of("upstreams/team/ü.yml", "u"));

  private final Path state;

  LastGoodStoreTest(@TempDir Path state) {
    this.state = state;
  }

  @Test
  void givesBackWhatWasKeptAfterARestart() {
    assertThat(store("/repo").save(NEW)).isTrue();

    assertThat(store("/repo").load()).isEqualTo(NEW);
  }

  @Test
  void hasNothingBeforeTheFirstSet() {
    assertThat(store("/repo").load()).isNull();
  }

  @Test
  void keepsOnlyTheLatestAndNothingElse() throws IOException {
    store("/repo").save(OLD);
    store("/repo").save(NEW);

    assertThat(store("/repo").load()).isEqualTo(NEW);
    try (Stream<Path> files = Files.list(state.resolve("last-good"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void doesNotMixSources() {
    store("/repo").save(OLD);
    store("https://example.com/repo.git").save(NEW);

    assertThat(store("/repo").load()).isEqualTo(OLD);
    assertThat(store("/other").load()).isNull();
  }

  @Test
  void writesNothingWhereNothingChanged() throws IOException {
    LastGoodStore store = store("/repo");
    store.save(OLD);
    FileTime longAgo = FileTime.fromMillis(1_000_000_000L);
    Files.setLastModifiedTime(store.archive(), longAgo);

    assertThat(store.save(OLD)).isTrue();

    assertThat(Files.getLastModifiedTime(store.archive())).isEqualTo(longAgo);
  }

  @Test
  void leavesTheOldSetWhereTheNewCannotBeWritten() throws IOException {
    LastGoodStore store = store("/repo");
    store.save(OLD);
    // In the way of the new archive: not even root can write it, unlike in a folder without
    // permissions.
    Files.createDirectories(state.resolve("last-good/" + store.archive().getFileName() + ".tmp/x"));

    assertThat(store.save(NEW)).isFalse();

    assertThat(store.load()).isEqualTo(OLD);
  }

  @Test
  void failsWithoutAnExceptionWhereTheFolderCannotBeMade() throws IOException {
    Path file = Files.writeString(state.resolve("file"), "in the way");

    assertThat(new LastGoodStore(file, "/repo").save(OLD)).isFalse();
    assertThat(new LastGoodStore(file, "/repo").load()).isNull();
  }

  @Test
  void doesNotUseWhatIsDamaged() throws IOException {
    LastGoodStore store = store("/repo");
    store.save(NEW);
    byte[] good = Files.readAllBytes(store.archive());

    for (int at = 0; at < good.length; at++) {
      byte[] damaged = good.clone();
      damaged[at] ^= 0x20;
      Files.write(store.archive(), damaged);
      List<ConfigFile> loaded = store.load();
      // Some bytes, such as those of dates, mean nothing to the content.
      assertThat(loaded == null || loaded.equals(NEW)).as("byte %d", at).isTrue();
    }
    Files.write(store.archive(), new byte[0]);
    assertThat(store.load()).isNull();
  }

  @Test
  void replacesWhatIsDamaged() throws IOException {
    LastGoodStore store = store("/repo");
    store.save(OLD);
    Files.writeString(store.archive(), "no archive");

    assertThat(store.save(OLD)).isTrue();
    assertThat(store.load()).isEqualTo(OLD);
  }

  private LastGoodStore store(String source) {
    return new LastGoodStore(state, source);
  }
}

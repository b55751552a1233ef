package dev.headgate.reload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operating system's own events: the poll is set so far away that it cannot help, but where it
 * is tested.
 */
@Timeout(60)
class DirectoryWatcherTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration QUIET = Duration.ofMillis(100);

  private final Path temp;

  private final List<String> told = new CopyOnWriteArrayList<>();
  private @Nullable DirectoryWatcher watcher;

  DirectoryWatcherTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @AfterEach
  void close() {
    if (watcher != null) {
      watcher.close();
    }
  }

  @Test
  void tellsOfNewChangedRenamedAndDeletedFiles() throws IOException {
    Path root = temp.resolve("repo");
    Folders.write(root.resolve("routes/a.yml"), "1");
    watch(root, NEVER);

    Folders.write(root.resolve("routes/a.yml"), "2");
    awaitLast("routes/a.yml=2");
    Folders.write(root.resolve("routes/b.yml"), "3");
    awaitLast("routes/a.yml=2 routes/b.yml=3");
    Files.move(root.resolve("routes/b.yml"), root.resolve("routes/c.yml"));
    awaitLast("routes/a.yml=2 routes/c.yml=3");
    Files.delete(root.resolve("routes/a.yml"));
    awaitLast("routes/c.yml=3");
  }

  @Test
  void tellsOfFilesInFoldersThatComeLater() throws IOException {
    Path root = temp.resolve("repo");
    Files.createDirectories(root);
    watch(root, NEVER);

    Folders.write(root.resolve("upstreams/u.yml"), "1");
    awaitLast("upstreams/u.yml=1");
    Folders.write(root.resolve("upstreams/team/deep/v.yml"), "2");
    awaitLast("upstreams/team/deep/v.yml=2 upstreams/u.yml=1");
    Folders.write(root.resolve("upstreams/team/deep/v.yml"), "3");
    awaitLast("upstreams/team/deep/v.yml=3 upstreams/u.yml=1");
  }

  @Test
  void tellsOfConfigMapSwapsAtTheRoot() throws IOException {
    Path root = temp.resolve("repo");
    Folders.mount(root, "v1", Map.of("routes/r.yml", "1", "upstreams/u.yml", "1"));
    watch(root, NEVER);

    for (int i = 2; i < 5; i++) {
      Folders.mount(root, "v" + i, Map.of("routes/r.yml", "" + i, "upstreams/u.yml", "1"));
      awaitLast("routes/r.yml=" + i + " upstreams/u.yml=1");
    }
  }

  @Test
  void tellsOfConfigMapSwapsAtAFolder() throws IOException {
    Path root = temp.resolve("repo");
    Folders.mount(root.resolve("routes"), "v1", Map.of("r.yml", "1"));
    watch(root, NEVER);

    for (int i = 2; i < 5; i++) {
      Folders.mount(root.resolve("routes"), "v" + i, Map.of("r.yml", "" + i));
      awaitLast("routes/r.yml=" + i);
    }
  }

  @Test
  void survivesARootThatGoesAndComesBack() throws IOException {
    Path root = temp.resolve("repo");
    Folders.write(root.resolve("routes/a.yml"), "1");
    watch(root, NEVER);

    Folders.delete(root);
    awaitLast("UNREADABLE");
    Folders.write(root.resolve("routes/a.yml"), "2");
    awaitLast("routes/a.yml=2");
    Folders.write(root.resolve("routes/a.yml"), "3");
    awaitLast("routes/a.yml=3");
  }

  @Test
  void tellsOfTheWholeOfAFileWrittenInPieces() throws IOException {
    Path root = temp.resolve("repo");
    Path file = root.resolve("routes/a.yml");
    Folders.write(file, "");
    watch(root, NEVER);

    for (int i = 0; i < 2000; i++) {
      Files.writeString(file, "0123456789", StandardOpenOption.APPEND);
    }

    // That no piece is told before is the detector's business, which its own test proves without a
    // clock.
    awaitLast("routes/a.yml=" + "0123456789".repeat(2000));
  }

  @Test
  void tellsAfterACallbackWhatLandedDuringIt() throws Exception {
    Path root = temp.resolve("repo");
    Folders.write(root.resolve("routes/a.yml"), "1");
    CountDownLatch inCallback = new CountDownLatch(1);
    CountDownLatch landed = new CountDownLatch(1);
    watch(
        root,
        NEVER,
        snapshot -> {
          inCallback.countDown();
          awaitLatch(landed);
        });

    Folders.write(root.resolve("routes/a.yml"), "2");
    assertThat(inCallback.await(20, TimeUnit.SECONDS)).isTrue();
    Folders.write(root.resolve("routes/a.yml"), "3");
    landed.countDown();

    awaitLast("routes/a.yml=3");
  }

  @Test
  void goesOnAfterACallbackThatFails() throws IOException {
    Path root = temp.resolve("repo");
    Folders.write(root.resolve("routes/a.yml"), "1");
    watch(
        root,
        NEVER,
        snapshot -> {
          throw new IllegalStateException("thrown by the test");
        });

    Folders.write(root.resolve("routes/a.yml"), "2");
    awaitLast("routes/a.yml=2");
    Folders.write(root.resolve("routes/a.yml"), "3");
    awaitLast("routes/a.yml=3");
  }

  @Test
  void noticesChangesBehindLinksByPolling() throws IOException {
    Path root = temp.resolve("repo");
    Path elsewhere = temp.resolve("elsewhere/a.yml");
    Folders.write(elsewhere, "1");
    Files.createDirectories(root.resolve("routes"));
    Files.createSymbolicLink(root.resolve("routes/a.yml"), elsewhere);
    watch(root, Duration.ofMillis(50));

    Folders.write(elsewhere, "2");
    awaitLast("routes/a.yml=2");
  }

  @Test
  void endsItsThreadWhenClosed() throws IOException {
    Path root = temp.resolve("repo");
    Files.createDirectories(root);
    DirectoryWatcher closing = watch(root, NEVER);

    closing.close();

    await().until(() -> !closing.isAlive());
  }

  private DirectoryWatcher watch(Path root, Duration poll) {
    return watch(root, poll, snapshot -> {});
  }

  private DirectoryWatcher watch(Path root, Duration poll, Consumer<Snapshot> then) {
    DirectorySource source = new DirectorySource(root);
    DirectoryWatcher started =
        new DirectoryWatcher(
            source,
            source.read().digest(),
            poll,
            QUIET,
            snapshot -> {
              told.add(render(snapshot));
              then.accept(snapshot);
            });
    watcher = started;
    started.start();
    return started;
  }

  private void awaitLast(String expected) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !told.isEmpty() && told.get(told.size() - 1).equals(expected));
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String render(Snapshot snapshot) {
    if (!snapshot.problems().isEmpty()) {
      return snapshot.problems().get(0).code().name();
    }
    return String.join(" ", snapshot.files().stream().map(DirectoryWatcherTest::render).toList());
  }

  private static String render(ConfigFile file) {
    return file.name() + "=" + new String(file.content(), UTF_8);
  }
}

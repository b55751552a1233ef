package dev.headgate.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.Limits;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {
  private final Path root;

  DirectorySourceTest(@TempDir Path root) {
    this.root = root;
  }

  @Test
  void readsYamlOfBothFoldersInTheOrderOfNames() throws IOException {
    Folders.write(root.resolve("routes/b.yml"), "b");
    Folders.write(root.resolve("routes/a.yaml"), "a");
    Folders.write(root.resolve("routes/team/deep/c.yml"), "c");
    Folders.write(root.resolve("upstreams/u.yml"), "u");

    Snapshot snapshot = read();

    assertThat(snapshot.problems()).isEmpty();
    assertThat(snapshot.files())
        .containsExactly(
            ConfigFile.of("routes/a.yaml", "a"),
            ConfigFile.of("routes/b.yml", "b"),
            ConfigFile.of("routes/team/deep/c.yml", "c"),
            ConfigFile.of("upstreams/u.yml", "u"));
  }

  @Test
  void leavesOutWhatIsHiddenOrNoYamlOrElsewhere() throws IOException {
    Folders.write(root.resolve("routes/.hidden.yml"), "x");
    Folders.write(root.resolve("routes/..data/x.yml"), "x");
    Folders.write(root.resolve("routes/.git/x.yml"), "x");
    Folders.write(root.resolve("routes/notes.txt"), "x");
    Folders.write(root.resolve("routes/a.yml~"), "x");
    Folders.write(root.resolve("gateway.yml"), "x");
    Folders.write(root.resolve("schema/x.yml"), "x");

    assertThat(read().files()).isEmpty();
    assertThat(read().problems()).isEmpty();
  }

  @Test
  void reportsAMissingRoot() {
    Path missing = root.resolve("missing");

    assertThat(new DirectorySource(missing).read().problems())
        .extracting(ConfigProblem::toString)
        .containsExactly(
            missing
                + ":1:1: UNREADABLE is no folder (expected: the root of the configuration, with"
                + " upstreams/ and routes/)");
  }

  @Test
  void reportsWhatCannotBeReadAndReadsTheRest() throws IOException {
    Folders.write(root.resolve("routes/good.yml"), "x");
    Files.createSymbolicLink(root.resolve("routes/dangling.yml"), Path.of("nowhere.yml"));
    Files.createSymbolicLink(root.resolve("routes/loop"), root.resolve("routes"));
    Folders.write(root.resolve("upstreams"), "no folder");

    Snapshot snapshot = read();

    assertThat(snapshot.files()).containsExactly(ConfigFile.of("routes/good.yml", "x"));
    assertThat(snapshot.problems())
        .extracting(ConfigProblem::toString)
        .containsExactly(
            "routes/dangling.yml:1:1: UNREADABLE is a link to nothing (expected: a readable file or"
                + " folder)",
            "routes/loop:1:1: UNREADABLE is a link to a folder above it (expected: a readable file"
                + " or folder)",
            "upstreams:1:1: UNREADABLE is no folder (expected: a readable file or folder)");
  }

  @Test
  void doesNotWaitForAPipe() throws Exception {
    Files.createDirectories(root.resolve("routes"));
    Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("routes/p.yml").toString()).start();
    assertThat(mkfifo.waitFor(5, TimeUnit.SECONDS)).isTrue();

    assertThat(read().problems())
        .extracting(ConfigProblem::toString)
        .containsExactly(
            "routes/p.yml:1:1: UNREADABLE is no regular file (expected: a readable file or folder)");
  }

  @Test
  void reportsAHugeFileWithoutReadingIt() throws IOException {
    Path huge = root.resolve("routes/huge.yml");
    Folders.write(huge, "x");
    // Sparse: it takes no room on the disk, but would not fit into the heap.
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(1L << 31);
    }

    Snapshot snapshot = read();

    assertThat(snapshot.files()).isEmpty();
    assertThat(snapshot.problems())
        .extracting(ConfigProblem::toString)
        .containsExactly(
            "routes/huge.yml:1:1: FILE_TOO_LARGE 2147483648 bytes (expected: at most 16777216,"
                + " which is 16MiB, in one file)");
  }

  @Test
  void reportsTheFileThatMakesTheSetTooLarge() throws IOException {
    for (int i = 0; i < 5; i++) {
      Path file = root.resolve("routes/" + i + ".yml");
      Folders.write(file, "x");
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.setLength(Limits.FILE_BYTES);
      }
    }

    Snapshot snapshot = read();

    assertThat(snapshot.files()).hasSize(4);
    assertThat(snapshot.problems()).singleElement().asString().contains("FILE_TOO_LARGE all files");
  }

  @Test
  void digestChangesWithNamesContentsAndProblemsOnly() throws IOException {
    Folders.write(root.resolve("routes/a.yml"), "ab");
    String first = read().digest();
    assertThat(read().digest()).isEqualTo(first);

    Folders.write(root.resolve("routes/notes.txt"), "x");
    assertThat(read().digest()).isEqualTo(first);

    Files.move(root.resolve("routes/a.yml"), root.resolve("routes/b.yml"));
    String renamed = read().digest();
    assertThat(renamed).isNotEqualTo(first);

    Folders.write(root.resolve("routes/b.yml"), "ac");
    String changed = read().digest();
    assertThat(changed).isNotEqualTo(renamed);

    Files.createSymbolicLink(root.resolve("routes/c.yml"), Path.of("nowhere.yml"));
    assertThat(read().digest()).isNotEqualTo(changed);
  }

  @Test
  void readsConfigMapsMountedAtTheRootOrAtAFolder() throws IOException {
    Path whole = root.resolve("whole");
    Folders.mount(whole, "v1", Map.of("routes/r.yml", "r1", "upstreams/u.yml", "u1"));
    Path parts = root.resolve("parts");
    Folders.mount(parts.resolve("routes"), "v1", Map.of("r.yml", "r1"));
    Folders.mount(parts.resolve("upstreams"), "v1", Map.of("u.yml", "u1"));

    List<ConfigFile> expected =
        List.of(ConfigFile.of("routes/r.yml", "r1"), ConfigFile.of("upstreams/u.yml", "u1"));
    assertThat(new DirectorySource(whole).read().files()).isEqualTo(expected);
    assertThat(new DirectorySource(parts).read().files()).isEqualTo(expected);

    Folders.mount(whole, "v2", Map.of("routes/r.yml", "r2", "upstreams/u.yml", "u1"));
    assertThat(new DirectorySource(whole).read().files())
        .containsExactly(
            ConfigFile.of("routes/r.yml", "r2"), ConfigFile.of("upstreams/u.yml", "u1"));
  }

  private Snapshot read() {
    return new DirectorySource(root).read();
  }
}

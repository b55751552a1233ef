package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.SourceMark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The files below {@code upstreams/} and {@code routes/} of one folder. Links are followed, so that
 * mounts of Kubernetes ConfigMaps work, be it the root or either folder that is mounted. What
 * cannot be read is a problem of the snapshot, never an exception. Safe for use by several threads.
 */
public final class DirectorySource {
  /** The folders that are read, each with its subfolders. */
  static final List<String> FOLDERS = List.of("upstreams", "routes");

  private final Path root;

  /** A source below a root, which need not exist yet. */
  public DirectorySource(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** The root's absolute path. */
  public Path root() {
    return root;
  }

  /** Everything there is now; blocks on the file system. */
  public Snapshot read() {
    return scan().snapshot();
  }

  /**
   * Every folder whose content belongs to the set, as far as they exist; blocks on the file system.
   */
  Set<Path> folders() {
    return scan(false).folders();
  }

  private DirectoryScan scan() {
    return scan(true);
  }

  private DirectoryScan scan(boolean contents) {
    DirectoryScan scan = new DirectoryScan(root, contents);
    if (!Files.isDirectory(root)) {
      scan.problem(
          ConfigProblem.of(
              SourceMark.startOf(root.toString()),
              ProblemCode.UNREADABLE,
              "is no folder (expected: the root of the configuration, with upstreams/ and routes/)"));
      return scan;
    }
    FOLDERS.forEach(scan::folder);
    return scan;
  }
}

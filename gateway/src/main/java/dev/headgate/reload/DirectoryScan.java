package dev.headgate.reload;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.Limits;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.SourceMark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One walk over the folders of a source. */
final class DirectoryScan {
  // Deeper than anyone sorts files, and an end to links that lead in ever new circles.
  private static final int DEPTH = 16;

  private final Path root;
  private final boolean contents;
  private final Set<Path> folders = new LinkedHashSet<>();
  private final List<ConfigFile> files = new ArrayList<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private long total;

  DirectoryScan(Path root, boolean contents) {
    this.root = root;
    this.contents = contents;
  }

  Set<Path> folders() {
    return folders;
  }

  Snapshot snapshot() {
    files.sort(Comparator.comparing(ConfigFile::name));
    problems.sort(Comparator.naturalOrder());
    return Snapshot.of(files, problems);
  }

  void problem(ConfigProblem problem) {
    problems.add(problem);
  }

  /** Takes one folder with its subfolders; one that is not there is an empty one. */
  void folder(String name) {
    Path folder = root.resolve(name);
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      unreadable(folder, "is no folder");
      return;
    }
    try {
      Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new Visitor());
    } catch (IOException e) {
      unreadable(folder, reason(e));
    }
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  /** Whether a file of that name belongs to the set. */
  static boolean isConfig(Path path) {
    String name = path.getFileName().toString();
    return !name.startsWith(".") && (name.endsWith(".yml") || name.endsWith(".yaml"));
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      // ..data and ..2026_01_01 are a ConfigMap's own; the links beside them lead to the same
      // files.
      if (isHidden(folder)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      folders.add(folder);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!contents || !isConfig(file)) {
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isRegularFile()) {
        read(file, attributes.size());
      } else {
        // A pipe would block whoever reads it; a link that is still a link here leads nowhere.
        unreadable(
            file, attributes.isSymbolicLink() ? "is a link to nothing" : "is no regular file");
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) {
      if (!isHidden(path)) {
        unreadable(path, reason(e));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      if (e != null) {
        unreadable(folder, reason(e));
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private void read(Path file, long size) {
    if (size > Limits.FILE_BYTES) {
      tooLarge(file, Limits.tooLarge(size));
      return;
    }
    total += size;
    if (total > Limits.TOTAL_BYTES) {
      tooLarge(
          file,
          "all files together have more than "
              + Limits.TOTAL_BYTES
              + " bytes (expected: at most that, which is 64MiB)");
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      // It may have grown since it was measured.
      byte[] bytes = in.readNBytes(Limits.FILE_BYTES + 1);
      if (bytes.length > Limits.FILE_BYTES) {
        tooLarge(file, Limits.tooLarge(bytes.length));
      } else {
        files.add(new ConfigFile(name(file), bytes));
      }
    } catch (IOException e) {
      unreadable(file, reason(e));
    }
  }

  private void tooLarge(Path file, String message) {
    problem(ConfigProblem.of(SourceMark.startOf(name(file)), ProblemCode.FILE_TOO_LARGE, message));
  }

  private void unreadable(Path path, String reason) {
    problem(
        ConfigProblem.of(
            SourceMark.startOf(name(path)),
            ProblemCode.UNREADABLE,
            reason + " (expected: a readable file or folder)"));
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "may not be read by this process";
    }
    if (e instanceof FileSystemLoopException) {
      return "is a link to a folder above it";
    }
    return e instanceof NoSuchFileException ? "has just gone" : "cannot be read: " + e.getMessage();
  }

  private String name(Path path) {
    return root.relativize(path).toString().replace('\\', '/');
  }
}

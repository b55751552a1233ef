package dev.headgate.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;

/** Files and ConfigMap mounts for tests. */
final class Folders {
  private Folders() {}

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /**
   * What the kubelet does to a mounted ConfigMap: the files in a new hidden folder, {@code ..data}
   * renamed onto it, a link for each top-level name, the old folder removed.
   */
  static void mount(Path at, String version, Map<String, String> files) throws IOException {
    Files.createDirectories(at);
    Path data = at.resolve("..data");
    Path old = Files.exists(data) ? data.toRealPath() : null;
    Path fresh = at.resolve(".." + version);
    for (Map.Entry<String, String> file : files.entrySet()) {
      write(fresh.resolve(file.getKey()), file.getValue());
    }
    Path link = at.resolve("..data_tmp");
    Files.createSymbolicLink(link, fresh.getFileName());
    Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);
    for (String name : files.keySet()) {
      Path top = Path.of(name).getName(0);
      if (!Files.exists(at.resolve(top))) {
        Files.createSymbolicLink(at.resolve(top), Path.of("..data").resolve(top));
      }
    }
    if (old != null) {
      delete(old);
    }
  }

  static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

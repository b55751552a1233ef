package dev.headgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The schemas and the reference in the repository are those of the code. Rewrite them with {@code
 * -Dheadgate.regenerate=true}.
 */
class GeneratedFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final List<ConfigKey<?>> ROUTE_KEYS = List.of();
  private static final List<ConfigKey<?>> UPSTREAM_KEYS = List.of();

  @Test
  void filesInTheRepositoryAreUpToDate() throws IOException {
    Map<String, String> files = new TreeMap<>();
    new SchemaWriter(ROUTE_KEYS, UPSTREAM_KEYS)
        .files()
        .forEach((name, text) -> files.put("config-repo/schema/" + name, text));
    files.put("docs/configuration.md", new ConfigDocs(ROUTE_KEYS, UPSTREAM_KEYS).markdown());

    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = ROOT.resolve(file.getKey());
      if (Boolean.getBoolean("headgate.regenerate")) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      assertThat(path).content().isEqualTo(file.getValue());
    }
  }
}

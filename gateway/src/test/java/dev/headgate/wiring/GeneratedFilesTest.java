package dev.headgate.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigDocs;
import dev.headgate.config.SchemaWriter;
import dev.headgate.policy.Policies;
import dev.headgate.policy.PolicyDocs;
import dev.headgate.telemetry.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The schemas and the reference in the repository are those of the code. Rewrite them with {@code
 * -Dheadgate.regenerate=true}.
 */
class GeneratedFilesTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void filesInTheRepositoryAreUpToDate() throws IOException {
    Policies policies = PolicyCatalog.unasked(true);
    Map<String, String> files = new TreeMap<>();
    new SchemaWriter(policies.routeKeys(), policies.upstreamKeys())
        .files()
        .forEach((name, text) -> files.put("config-repo/schema/" + name, text));
    files.put(
        "docs/configuration.md",
        new ConfigDocs(policies.routeKeys(), policies.upstreamKeys()).markdown());

    files.put("docs/policies.md", new PolicyDocs(policies).markdown());
    files.put("docs/metrics.md", Meters.markdown());

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

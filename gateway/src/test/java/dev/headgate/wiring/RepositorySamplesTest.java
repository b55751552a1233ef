package dev.headgate.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.policy.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What newcomers copy from is right, and their editor agrees. */
class RepositorySamplesTest {
  private static final Path REPO = Path.of("../config-repo");

  private final Policies policies = PolicyCatalog.unasked(true);

  @Test
  void loadWithoutAnyProblem() throws IOException {
    assertThat(
            new ConfigLoader(policies.routeKeys(), policies.upstreamKeys())
                .load(samples())
                .problems())
        .isEmpty();
  }

  @Test
  void agreeWithTheSchemaTheyName() throws IOException {
    for (ConfigFile file : samples()) {
      String text = Files.readString(REPO.resolve(file.name()));
      String folder = file.name().substring(0, file.name().indexOf('/'));
      assertThat(text)
          .startsWith("# yaml-language-server: $schema=../schema/" + folder + ".schema.json\n");
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(
                  Files.readString(REPO.resolve("schema/" + folder + ".schema.json")),
                  InputFormat.JSON);
      assertThat(schema.validate(text, InputFormat.YAML)).as(file.name()).isEmpty();
    }
  }

  private static List<ConfigFile> samples() throws IOException {
    List<ConfigFile> files = new ArrayList<>();
    for (String folder : List.of("upstreams", "routes")) {
      try (Stream<Path> paths = Files.list(REPO.resolve(folder))) {
        for (Path path : paths.toList()) {
          files.add(new ConfigFile(folder + "/" + path.getFileName(), Files.readAllBytes(path)));
        }
      }
    }
    assertThat(files).isNotEmpty();
    return files;
  }
}

package dev.headgate.cli;

import dev.headgate.config.ConfigProblem;
import dev.headgate.reload.ConfigExaminer;
import dev.headgate.reload.DirectorySource;
import dev.headgate.reload.Snapshot;
import dev.headgate.wiring.PolicyCatalog;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** {@code check}: everything wrong with a config repo, without starting anything. */
final class CheckCommand {
  private static final int ERRORS = 1;

  private CheckCommand() {}

  static int check(Path root, PrintStream out) {
    Snapshot snapshot = new DirectorySource(root).read();
    ConfigExaminer examiner =
        new ConfigExaminer(
            PolicyCatalog.unasked(!ProcessSettings.nameRedis(root)),
            InstantSource.system(),
            ProcessSettings.declareStockRoutes(root),
            ProcessSettings.sslBundles(root)::problemWith);
    List<ConfigProblem> problems =
        examiner.examine(snapshot.files(), snapshot.problems()).problems();
    problems.forEach(out::println);
    return problems.stream().anyMatch(ConfigProblem::isError) ? ERRORS : 0;
  }
}

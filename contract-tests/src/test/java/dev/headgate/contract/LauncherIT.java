package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.ConfigRepo;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The `headgate` script, from any folder and through links. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
  private static final Path SCRIPT = Commands.home().resolve("headgate");

  private final Path folder;

  LauncherIT(@TempDir Path folder) {
    this.folder = folder;
  }

  private ProcessBuilder launcher(Path script, String... arguments) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("HEADGATE_JAR", Commands.jar().toString());
    environment.remove("JAVA_OPTS");
    environment.remove("HEADGATE_JAVA_OPTS");
    environment.remove("HEADGATE_CONFIG_REPO");
    return builder;
  }

  private Commands.Result launch(String... arguments) throws Exception {
    return Commands.run(launcher(SCRIPT, arguments));
  }

  @Test
  void versionFromAnotherFolderThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("hg"), SCRIPT);
    Path linkToLink = Files.createSymbolicLink(folder.resolve("hg2"), Path.of("hg"));
    for (Path script : List.of(SCRIPT, link, linkToLink)) {
      Commands.Result result = Commands.run(launcher(script, "--version"));
      assertThat(result.exit()).as("%s", result).isZero();
      assertThat(result.out().strip()).isEqualTo("headgate 0.1.0");
    }
  }

  @Test
  void helpTellsEveryCommand() throws Exception {
    Commands.Result result = launch("--help");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("run", "check", "demo", "--version", "--admin-port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "chekc",
        "run --port",
        "run --port=http",
        "run --port 70000",
        "run stray",
        "check a b",
        "check --fast",
        "demo --port x",
        "demo stray"
      })
  void wrongUsageIsStatus2WithoutAStart(String line) throws Exception {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ", -1);
    Commands.Result result = launch(arguments);
    assertThat(result.exit()).as("%s", result).isEqualTo(2);
    assertThat(result.err()).isNotBlank();
  }

  @Test
  void checkTakesAFolderRelativeToTheCaller() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .routes("routes: {a: {match: {path: /a}, respond: {status: 200, body: a}}}");
    Files.move(repo.folder(), folder.resolve("my repo"));
    assertThat(launch("check", "my repo").exit()).isZero();
    Files.writeString(folder.resolve("my repo/routes/test.yml"), "routes: {a: {mtach: {}}}");
    Commands.Result result = launch("check", "my repo");
    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    assertThat(result.out()).containsPattern("routes/test.yml:1:[0-9]+: ").contains("mtach");
  }

  @Test
  void checkWithoutAFolderTakesConfigRepoHereOrBesideTheScript() throws Exception {
    assertThat(launch("check").exit()).isZero();
    Files.createDirectories(folder.resolve("config-repo/routes"));
    Files.writeString(folder.resolve("config-repo/routes/a.yml"), "routes: {a: {mtach: {}}}");
    assertThat(launch("check").exit()).isEqualTo(1);
  }

  @Test
  void runTakesItsOptionsAndAnySpringPropertyAndBecomesTheJvm() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .routes("routes: {a: {match: {path: /a}, respond: {status: 200, body: a}}}");
    Files.move(repo.folder(), folder.resolve("repo"));
    ProcessBuilder builder =
        launcher(
            SCRIPT,
            "run",
            "--config-repo",
            "repo",
            "--port=0",
            "--admin-port",
            "0",
            "--headgate.state-dir=state",
            "--spring.application.name=two words");
    builder.environment().put("JAVA_OPTS", "-Xmx200m -Dfrom.java.opts=1");
    builder.environment().put("HEADGATE_JAVA_OPTS", "-Xmx201m");
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader log = process.errorReader()) {
      assertThat(log.lines().anyMatch(line -> line.contains("Headgate listening on http://")))
          .isTrue();
      String command = process.info().commandLine().orElse("");
      assertThat(command)
          .contains("-Dfrom.java.opts=1", "-Xmx201m", "--spring.application.name=two words");
      assertThat(process.children()).isEmpty();
    } finally {
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(process.exitValue()).isIn(0, 143);
  }

  @Test
  void anOldOrMissingJavaIsAClearError() throws Exception {
    Path old = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
    script(old, "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
    ProcessBuilder builder = launcher(SCRIPT, "--version");
    builder.environment().put("JAVA_HOME", folder.resolve("old").toString());
    Commands.Result result = Commands.run(builder);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("11.0.2").contains("17");

    builder = launcher(SCRIPT, "--version");
    builder.environment().put("JAVA_HOME", folder.resolve("nowhere").toString());
    result = Commands.run(builder);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("JAVA_HOME").contains("nowhere");
  }

  @Test
  void itBuildsWhatIsMissingOrOlderThanItsSourcesAndNothingElse() throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path source = Files.createDirectories(home.resolve("gateway/src/main")).resolve("A.java");
    for (Path file : List.of(home.resolve("pom.xml"), home.resolve("gateway/pom.xml"), source)) {
      Files.writeString(file, "");
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(600)));
    }
    Files.setLastModifiedTime(
        home.resolve("gateway/src/main"), FileTime.from(Instant.now().minusSeconds(600)));
    Path script = Files.copy(SCRIPT, home.resolve("headgate"), StandardCopyOption.COPY_ATTRIBUTES);
    script(
        home.resolve("mvnw"),
        "echo \"$@\" >> calls; mkdir -p gateway/target; cp '%s' gateway/target/headgate-exec.jar"
            .formatted(Commands.jar()));
    Path calls = home.resolve("calls");

    Commands.Result first = version(script);
    assertThat(first.out().strip()).isEqualTo("headgate 0.1.0");
    assertThat(first.err().lines()).contains("Building Headgate (first run only) ...");
    assertThat(Files.readAllLines(calls)).hasSize(1);

    assertThat(version(script).err()).doesNotContain("Building");
    assertThat(Files.readAllLines(calls)).hasSize(1);

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(version(script).err()).contains("Building");
    assertThat(Files.readAllLines(calls)).hasSize(2);

    script(home.resolve("mvnw"), "echo no network >&2; exit 1");
    Commands.Result failed = version(script);
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.err()).contains("no network").contains("the build failed");
  }

  private Commands.Result version(Path script) throws Exception {
    ProcessBuilder builder = launcher(script, "--version");
    builder.environment().remove("HEADGATE_JAR");
    return Commands.run(builder);
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}

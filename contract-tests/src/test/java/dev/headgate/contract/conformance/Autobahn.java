package dev.headgate.contract.conformance;

import dev.headgate.contract.harness.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs of Autobahn's fuzzing client, side by side, since it spends its time waiting for closes. */
final class Autobahn {
  private static final String SLOW = "9.*";
  private static final List<String> QUICK = List.of("1.*,2.*,3.*,4.*,5.*", "6.*", "7.*,10.*");

  private Autobahn() {}

  /**
   * The cases that take no long, 247 of them.
   *
   * @return by case, how the server behaved, and how when the connection was closed
   */
  static Map<String, String> quick(int port) throws Exception {
    return run(port, QUICK, 240);
  }

  /** Large messages, and many of them: 54 cases that take minutes. */
  static Map<String, String> slow(int port) throws Exception {
    return run(port, List.of(SLOW), 900);
  }

  static Map<String, String> failed(Map<String, String> behaviours) {
    Map<String, String> failed = new TreeMap<>(behaviours);
    failed.values().removeIf(behaviour -> !behaviour.contains("FAILED"));
    return failed;
  }

  private static Map<String, String> run(int port, List<String> parts, long seconds)
      throws Exception {
    Map<Path, Process> running = new LinkedHashMap<>();
    try {
      for (String cases : parts) {
        Path folder = Files.createTempDirectory("autobahn");
        running.put(folder, start(folder, port, cases));
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      Map<String, String> behaviours = new LinkedHashMap<>();
      for (Map.Entry<Path, Process> one : running.entrySet()) {
        if (!one.getValue().waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new AssertionError("not ended in " + seconds + " seconds: " + one.getKey());
        }
        read(one.getKey(), behaviours);
      }
      return behaviours;
    } finally {
      running.values().forEach(Process::destroyForcibly);
    }
  }

  private static Process start(Path folder, int port, String cases) throws IOException {
    return new ProcessBuilder(
            Commands.java(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            AutobahnRun.class.getName(),
            "ws://127.0.0.1:" + port,
            cases)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output(folder).toFile())
        .start();
  }

  private static Path output(Path folder) {
    return folder.resolve("output.txt");
  }

  private static void read(Path folder, Map<String, String> into) throws IOException {
    Files.readString(output(folder))
        .lines()
        .filter(line -> line.startsWith(AutobahnRun.RESULT))
        .map(line -> line.substring(AutobahnRun.RESULT.length()).split(" ", 2))
        .forEach(columns -> into.put(columns[0], columns[1]));
  }
}

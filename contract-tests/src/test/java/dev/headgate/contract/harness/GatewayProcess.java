package dev.headgate.contract.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The real gateway as a process of its own, on free ports, under paranoid leak detection. */
public final class GatewayProcess implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("Headgate listening on https?://[^\\s]*:([0-9]+)");
  private static final Pattern ADMIN = Pattern.compile("Admin on http://[^\\s]*:([0-9]+)");
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Process process;
  private final Path accessLog;
  private final Path log;
  private int port;
  private int adminPort;

  private GatewayProcess(Process process, Path accessLog, Path log) {
    this.process = process;
    this.accessLog = accessLog;
    this.log = log;
  }

  /** Starts the gateway over {@code repo} and waits until it is ready. */
  public static GatewayProcess start(String name, ConfigRepo repo, String... arguments) {
    return start(GatewayJvm.usual(), name, repo, arguments);
  }

  /** Starts the gateway in a JVM of another kind than the usual one. */
  public static GatewayProcess start(
      GatewayJvm jvm, String name, ConfigRepo repo, String... arguments) {
    GatewayProcess gateway = launch(jvm, name, repo.folder(), arguments);
    try {
      gateway.awaitPorts();
      gateway.awaitReady();
      return gateway;
    } catch (RuntimeException | AssertionError failure) {
      gateway.close();
      throw failure;
    }
  }

  /** Starts the process alone. {@code folderName} is where its logs are. */
  public static GatewayProcess launch(String folderName, Path repo, String... arguments) {
    return launch(GatewayJvm.usual(), folderName, repo, arguments);
  }

  private static GatewayProcess launch(
      GatewayJvm jvm, String folderName, Path repo, String... arguments) {
    List<String> given = List.of(arguments);
    List<String> all = new ArrayList<>(List.of("run", "--headgate.config-repo=" + repo));
    Path state = repo.resolveSibling(repo.getFileName() + ".state");
    for (String option :
        List.of("--server.port=0", "--management.server.port=0", "--headgate.state-dir=" + state)) {
      String name = option.substring(0, option.indexOf('=') + 1);
      if (given.stream().noneMatch(argument -> argument.startsWith(name))) {
        all.add(option);
      }
    }
    all.addAll(given);
    try {
      Path folder = Files.createDirectories(Commands.logs().resolve(folderName));
      Path accessLog = folder.resolve("access.log");
      Path log = folder.resolve("app.log");
      Process process =
          new ProcessBuilder(jvm.command(all))
              .redirectOutput(accessLog.toFile())
              .redirectError(log.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new GatewayProcess(process, accessLog, log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public void awaitPorts() {
    port = awaitLogged(LISTENING);
    adminPort = awaitLogged(ADMIN);
  }

  private int awaitLogged(Pattern line) {
    await(START_LIMIT, () -> !process.isAlive() || line.matcher(log()).find(), line.pattern());
    Matcher matcher = line.matcher(log());
    if (!matcher.find()) {
      throw new AssertionError(
          "the gateway ended (status " + process.exitValue() + ") before " + line + "\n" + log());
    }
    return Integer.parseInt(matcher.group(1));
  }

  public void awaitReady() {
    await(START_LIMIT, () -> !process.isAlive() || readiness() == 200, "readiness");
    if (!process.isAlive()) {
      throw new AssertionError("the gateway ended: " + process.exitValue() + "\n" + log());
    }
  }

  /** Waits for {@code condition}; {@code what} and the log are in the failure's message. */
  private void await(
      Duration limit, java.util.concurrent.Callable<Boolean> condition, String what) {
    try {
      Awaitility.await(what)
          .atMost(limit)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(condition);
    } catch (org.awaitility.core.ConditionTimeoutException timeout) {
      throw new AssertionError("not within " + limit + ": " + what + "\n" + log(), timeout);
    }
  }

  /** The status of the readiness probe. */
  public int readiness() throws IOException {
    return RawHttp.get(adminPort, "/actuator/health/readiness").status();
  }

  public int port() {
    return port;
  }

  /** The port of a listener beside the main one. */
  public int port(String listener) {
    return awaitLogged(Pattern.compile("Listener " + listener + " on https?://[^\\s]*:([0-9]+)"));
  }

  public int adminPort() {
    return adminPort;
  }

  public Process process() {
    return process;
  }

  /** Everything that the process has written to stderr. */
  public String log() {
    return read(log);
  }

  /** The whole lines of stdout so far. */
  public List<String> accessLines() {
    String text = read(accessLog);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /**
   * Forgets nothing: the first access log line for which {@code wanted} holds, within ten seconds.
   */
  public JsonNode awaitAccess(Predicate<JsonNode> wanted) {
    List<JsonNode> found = new ArrayList<>();
    await(
        Duration.ofSeconds(10),
        () -> {
          for (String line : accessLines()) {
            JsonNode json = JSON.readTree(line);
            if (wanted.test(json)) {
              found.add(json);
              return true;
            }
          }
          return false;
        },
        "an access log line; there are " + accessLines());
    return found.get(0);
  }

  /** The access log line of the request with this id. */
  public JsonNode awaitAccess(String id) {
    return awaitAccess(line -> line.path("id").asString("").equals(id));
  }

  /** The Prometheus text. */
  public String metrics() throws IOException {
    return RawHttp.get(adminPort, "/actuator/prometheus").text();
  }

  public Response health() throws IOException {
    return RawHttp.get(adminPort, "/actuator/health");
  }

  /** Resident memory in bytes (Linux), or -1. */
  public long residentBytes() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return -1;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024;
      }
    }
    return -1;
  }

  /**
   * Collects garbage and allocates again, so that every leaked buffer is reported, then fails if
   * one was. {@code target} must be a path that the gateway forwards.
   */
  public void assertNoLeaks(String target) throws Exception {
    for (int round = 0; round < 2; round++) {
      collectGarbage();
      for (int i = 0; i < 50; i++) {
        RawHttp.get(port, target);
      }
    }
    assertNoLeakLogged();
  }

  /** So that the next allocation reports what leaked. */
  public void collectGarbage() throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Commands.run(new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run"));
  }

  public void assertNoLeakLogged() {
    String text = log();
    if (text.contains("LEAK:")) {
      throw new AssertionError(text.substring(text.indexOf("LEAK:")));
    }
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + limit + "\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }
}

package dev.headgate.contract.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis with a port and a folder that stay its own when it is killed and started again. Its
 * data is on disk before a command is answered ({@code appendfsync always}).
 */
public final class RedisServer implements AutoCloseable {
  private static @Nullable File executable;

  private final int port = ScriptedUpstream.closedPort();
  private final Path folder;
  private final List<String> settings;
  private @Nullable Process process;

  private RedisServer(List<String> settings) throws IOException {
    this.folder = Files.createTempDirectory("headgate-redis");
    this.settings = settings;
  }

  /**
   * @param settings lines of its configuration, beside those of this fixture
   */
  public static RedisServer start(String... settings) {
    try {
      RedisServer server = new RedisServer(List.of(settings));
      server.restart();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A new one that follows this, once it has all that this one has. */
  public RedisServer replica() {
    RedisServer replica = start();
    replica.follow(port);
    replica.awaitInStep();
    return replica;
  }

  /** Waits until it has all that the one it follows has. */
  public void awaitInStep() {
    Awaitility.await("a replica that follows")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ask("INFO", "replication").contains("master_link_status:up"));
  }

  /** Starts it again on its port, with the data it had. */
  public RedisServer restart() {
    try {
      List<String> command = new ArrayList<>(List.of(executable().getPath(), config().toString()));
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
      Process started = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      process = started;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Awaitility.await("Redis on " + port)
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(10))
        .ignoreExceptions()
        .until(() -> ask("PING").equals("PONG"));
    return this;
  }

  private Path config() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("bind 127.0.0.1");
    lines.add("port " + port);
    lines.add("save \"\"");
    lines.add("appendonly yes");
    lines.add("appendfsync always");
    lines.add("repl-diskless-sync-delay 0");
    lines.add("repl-ping-replica-period 1");
    lines.addAll(settings);
    return Files.write(folder.resolve("redis.conf"), lines);
  }

  private static synchronized File executable() throws IOException {
    File known = executable;
    if (known == null) {
      Path folder = Files.createTempDirectory("headgate-redis-server");
      known = ExecutableProvider.newJarResourceProvider(folder.toFile()).get();
      executable = known;
    }
    return known;
  }

  public int port() {
    return port;
  }

  /** SIGKILL. */
  public void kill() {
    Signals.kill(process());
  }

  /** SIGSTOP: connections stay, nothing is answered. */
  public void pause() {
    Signals.stop(process());
  }

  /** SIGCONT. */
  public void resume() {
    Signals.resume(process());
  }

  /** Becomes a replica of another port of this machine; takes no writes from then on. */
  public void follow(int master) {
    ask("REPLICAOF", "127.0.0.1", Integer.toString(master));
  }

  /** Becomes a master with all that it has. */
  public void promote() {
    ask("REPLICAOF", "NO", "ONE");
  }

  public void set(String parameter, String value) {
    ask("CONFIG", "SET", parameter, value);
  }

  /** Runs a command as the default user. Throws where it is an error. */
  public String ask(String... command) {
    try (RedisConnection connection = new RedisConnection(port)) {
      return connection.ask(command);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The names of all that it has. */
  public List<String> keys() {
    return ask("KEYS", "*").lines().filter(line -> !line.isEmpty()).toList();
  }

  /** Everything that was ever written to it, as it stands on disk. */
  public byte[] written() {
    try {
      return Files.readAllBytes(folder.resolve("appendonly.aof"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Process process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  @Override
  public void close() {
    kill();
  }
}

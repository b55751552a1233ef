package dev.headgate.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/** A real Redis server, in a process of its own, that can be killed, paused and started again. */
public final class RedisProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final int BUS = 10_000;
  private static final int MAX_PORT = 65_535;
  private static final File SERVER = server();

  private final Path folder;
  private final int port;
  private final List<String> settings;
  private Process process;

  private RedisProcess(Path folder, int port, List<String> settings) throws IOException {
    this.folder = folder;
    this.port = port;
    this.settings = settings;
    this.process = launch();
  }

  /**
   * @param settings as in redis.conf, a line each
   */
  public static RedisProcess start(String... settings) throws IOException {
    return start(freePort(), settings);
  }

  /** On a port that something else is to know before. */
  public static RedisProcess start(int port, String... settings) throws IOException {
    return new RedisProcess(Files.createTempDirectory("redis"), port, List.of(settings));
  }

  // Redis takes port 0 for none at all.
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** One whose Cluster's bus, 10,000 further, is free too. */
  public static int freeClusterPort() throws IOException {
    for (int tries = 0; tries < 100; tries++) {
      int port = freePort();
      if (port + BUS <= MAX_PORT) {
        try (ServerSocket bus = new ServerSocket(port + BUS, 1, InetAddress.getLoopbackAddress())) {
          return bus.getLocalPort() - BUS;
        } catch (IOException taken) {
          // The next one.
        }
      }
    }
    throw new IOException("no port with a free one 10,000 further");
  }

  private static File server() {
    try {
      return ExecutableProvider.newJarResourceProvider().get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() throws IOException {
    boolean sentinel = settings.stream().anyMatch(line -> line.startsWith("sentinel "));
    boolean ports = settings.stream().anyMatch(line -> line.startsWith("port "));
    Path config = folder.resolve("redis.conf");
    // A Sentinel writes what it has learnt into its own.
    if (!Files.exists(config)) {
      List<String> lines = new ArrayList<>();
      lines.add("bind 127.0.0.1");
      lines.add("dir " + folder);
      if (!ports) {
        lines.add("port " + port);
      }
      if (!sentinel) {
        lines.add("save \"\"");
      }
      lines.addAll(settings);
      Files.write(config, lines);
    }
    List<String> command = new ArrayList<>(List.of(SERVER.getPath(), config.toString()));
    if (sentinel) {
      command.add("--sentinel");
    }
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    awaitPort(started);
    return started;
  }

  private void awaitPort(Process started) throws IOException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (started.isAlive() && System.nanoTime() < end) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException notYet) {
        Thread.onSpinWait();
      }
    }
    throw new IOException("Redis did not start: " + Files.readString(folder.resolve("log")));
  }

  public int port() {
    return port;
  }

  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  public Path folder() {
    return folder;
  }

  /** Says something to it in clear text, and gives what it answers to the last of it. */
  public String say(String... command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) START_LIMIT.toMillis());
      StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
      for (String part : command) {
        request
            .append('$')
            .append(part.getBytes(StandardCharsets.ISO_8859_1).length)
            .append("\r\n")
            .append(part)
            .append("\r\n");
      }
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
      // What is asked for here is answered within one packet.
      byte[] answer = new byte[65_536];
      int length = socket.getInputStream().read(answer);
      return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** After {@link #kill}, with what it had saved. */
  public void again() throws IOException {
    process = launch();
  }

  /** Its connections stay, and nothing comes back. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

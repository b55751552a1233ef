package dev.headgate.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code headgate demo}: the samples in this process, the gateway as its child. Whatever ends this
 * process ends the child.
 */
public final class Demo {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private static final AtomicBoolean STOPPING = new AtomicBoolean();

  private Demo() {}

  /**
   * Arguments: port, admin port, config repo, folder for logs and state, then the gateway's
   * command.
   */
  public static void main(String[] args) throws Exception {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    int port = Integer.parseInt(args[0]);
    int adminPort = Integer.parseInt(args[1]);
    Path folder = Files.createDirectories(Path.of(args[3]));
    requireFree(port, "the gateway", "--port N");
    requireFree(adminPort, "the admin port", "--admin-port N");
    for (Samples.Service service : Samples.Service.values()) {
      requireFree(service.port(), "the sample service " + service, "");
    }
    try {
      Samples.startOnFixedPorts();
      List<String> command = new ArrayList<>(List.of(args).subList(4, args.length));
      command.add("run");
      command.add("--headgate.config-repo=" + args[2]);
      command.add("--headgate.state-dir=" + folder.resolve("state"));
      command.add("--server.port=" + port);
      command.add("--management.server.port=" + adminPort);
      Path log = folder.resolve("gateway.log");
      Process gateway = start(command, log);
      awaitReady(gateway, adminPort, log);
      System.out.println(Banner.text(port, adminPort, log));
      int exit = gateway.waitFor();
      throw new IllegalStateException(
          "The gateway ended by itself, with status %d. Its log is %s:%n%s"
              .formatted(exit, log, tail(log)));
    } catch (IllegalStateException failure) {
      fail(String.valueOf(failure.getMessage()));
    }
  }

  private static Process start(List<String> command, Path log) throws IOException {
    Process gateway =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT) // The access log.
            .redirectError(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway), "stop-gateway"));
    return gateway;
  }

  private static void stop(Process gateway) {
    STOPPING.set(true);
    gateway.destroy();
    try {
      if (gateway.waitFor(10, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    gateway.destroyForcibly();
  }

  private static void awaitReady(Process gateway, int adminPort, Path log) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest readiness =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + adminPort + "/actuator/health/readiness"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      if (gateway.waitFor(200, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "The gateway did not start (status %d). Its log is %s:%n%s"
                .formatted(gateway.exitValue(), log, tail(log)));
      }
      try {
        if (client.send(readiness, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // Asked again after the next pause.
      }
    }
    throw new IllegalStateException(
        "The gateway was not ready within %d seconds. Its log is %s:%n%s"
            .formatted(START_LIMIT.toSeconds(), log, tail(log)));
  }

  private static void requireFree(int port, String user, String option)
      throws InterruptedException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException taken) {
      fail(
          "port %d, for %s, is taken by another process.%s"
              .formatted(port, user, option.isEmpty() ? "" : " Choose another: " + option));
    }
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void fail(String message) throws InterruptedException {
    if (STOPPING.get()) {
      new CountDownLatch(1)
          .await(); // The end was asked for; the exit under way ends this thread too.
    }
    System.err.println("headgate demo: " + message);
    System.exit(1);
  }
}

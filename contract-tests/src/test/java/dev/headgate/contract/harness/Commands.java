package dev.headgate.contract.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end. */
public final class Commands {
  /** What a command left behind. */
  public record Result(int exit, String out, String err) {}

  private Commands() {}

  public static Path jar() {
    return Path.of(property("headgate.jar")).toAbsolutePath().normalize();
  }

  /** The root of the sources, where the launcher is. */
  public static Path home() {
    return Path.of(property("headgate.home")).toAbsolutePath().normalize();
  }

  static Path logs() {
    return Path.of(property("headgate.logs")).toAbsolutePath().normalize();
  }

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The gateway's command line with {@code arguments}, to its end. */
  public static Result headgate(String... arguments) throws Exception {
    return run(
        new ProcessBuilder(UnpackedJar.get().command(List.of("-Xmx256m"), List.of(arguments))));
  }

  /** Fails where the command takes longer than two minutes. */
  public static Result run(ProcessBuilder builder) throws Exception {
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> streams = new ArrayList<>(List.of("", ""));
    Thread err = new Thread(() -> streams.set(1, text(process.errorReader())), "stderr");
    Thread out = new Thread(() -> streams.set(0, text(process.inputReader())), "stdout");
    err.start();
    out.start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("not ended after 120 seconds: " + builder.command());
    }
    out.join();
    err.join();
    return new Result(process.exitValue(), streams.get(0), streams.get(1));
  }

  private static String text(java.io.Reader reader) {
    try {
      java.io.StringWriter text = new java.io.StringWriter();
      reader.transferTo(text);
      return text.toString();
    } catch (IOException ended) {
      return "";
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("the system property " + name + " is not set");
    }
    return value;
  }
}

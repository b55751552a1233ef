package dev.headgate.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The commands of the executable jar; the {@code headgate} script adds what needs a shell. Exit
 * statuses: 0 for success, 1 for a config with errors, 2 for wrong usage.
 */
public final class CommandLine {
  private static final int WRONG_USAGE = 2;
  private static final String USAGE =
      """
      Usage: headgate run [--headgate.config-repo=DIR] [--server.port=N] [--any.spring.property=VALUE ...]
             headgate check [DIR]
             headgate --version
      """;

  private CommandLine() {}

  /**
   * Runs a command.
   *
   * @return the exit status; empty while the gateway runs
   */
  public static OptionalInt execute(List<String> words, PrintStream out, PrintStream err) {
    String command = words.isEmpty() ? "" : words.get(0);
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    switch (command) {
      case "run" -> {
        RunCommand.run(rest);
        return OptionalInt.empty();
      }
      case "check" -> {
        if (rest.size() > 1) {
          return wrongUsage(err);
        }
        Path root = Path.of(rest.isEmpty() ? "config-repo" : rest.get(0));
        return OptionalInt.of(CheckCommand.check(root, out));
      }
      case "--version", "version" -> {
        out.println("headgate " + Version.current());
        return OptionalInt.of(0);
      }
      case "--help", "help" -> {
        out.print(USAGE);
        return OptionalInt.of(0);
      }
      default -> {
        return wrongUsage(err);
      }
    }
  }

  /** Runs a command and ends the process with its status. */
  public static void main(String[] args) {
    execute(Arrays.asList(args), System.out, System.err).ifPresent(System::exit);
  }

  private static OptionalInt wrongUsage(PrintStream err) {
    err.print(USAGE);
    return OptionalInt.of(WRONG_USAGE);
  }
}

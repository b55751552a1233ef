package dev.headgate.cli;

import dev.headgate.wiring.HeadgateApplication;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;

/** Which command was asked for. */
public final class CommandLine {
  private CommandLine() {}

  public static void main(String[] args) {
    List<String> words = Arrays.asList(args);
    String command = words.isEmpty() ? "run" : words.get(0);
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    switch (command) {
      case "run" -> run(rest);
      default -> throw new IllegalArgumentException(command);
    }
  }

  private static void run(List<String> arguments) {
    SpringApplication.run(HeadgateApplication.class, arguments.toArray(new String[0]));
  }
}

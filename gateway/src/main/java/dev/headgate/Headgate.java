package dev.headgate;

import dev.headgate.cli.CommandLine;

/** The process entry point. */
public final class Headgate {
  private Headgate() {}

  /** Runs a command; see {@code ./headgate --help}. */
  public static void main(String[] args) {
    CommandLine.main(args);
  }
}

package dev.headgate.route;

/**
 * Builds the one form in which this package refuses text that someone wrote: {@code found X
 * (expected: Y)}.
 */
final class Refusal {
  private Refusal() {}

  static IllegalArgumentException of(String found, String expected) {
    return new IllegalArgumentException("found \"" + found + "\" (expected: " + expected + ")");
  }
}

package dev.headgate.architecture.violations.nobodysleeps.upstream;

final class Sleeping {
  static void rest() throws InterruptedException {
    Thread.sleep(1);
  }
}

package dev.headgate.architecture.violations.theconsolebelongstothecommandline.edge;

final class Printing {
  static void print() {
    System.out.println();
  }
}

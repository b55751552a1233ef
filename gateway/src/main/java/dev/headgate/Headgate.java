package dev.headgate;

/** The process entry point. */
public final class Headgate {
  private Headgate() {}

  public static void main(String[] args) {
    System.out.println("headgate");
  }
}

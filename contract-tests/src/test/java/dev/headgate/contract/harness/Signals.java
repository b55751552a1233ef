package dev.headgate.contract.harness;

/** What the system sends to a process. */
public final class Signals {
  private Signals() {}

  /** SIGSTOP: it stands still, its connections stay. */
  public static void stop(Process process) {
    send("-STOP", process);
  }

  /** SIGCONT. */
  public static void resume(Process process) {
    send("-CONT", process);
  }

  /** SIGKILL, and waits for the end. */
  public static void kill(Process process) {
    process.destroyForcibly().onExit().join();
  }

  private static void send(String signal, Process process) {
    try {
      String pid = Long.toString(process.pid());
      Commands.Result result = Commands.run(new ProcessBuilder("kill", signal, pid));
      if (result.exit() != 0) {
        throw new IllegalStateException(result.toString());
      }
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}

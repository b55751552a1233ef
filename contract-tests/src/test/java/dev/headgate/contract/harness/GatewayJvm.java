package dev.headgate.contract.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the JVM of a gateway under test is started. */
@FunctionalInterface
public interface GatewayJvm {
  /** The command that starts the gateway with {@code arguments}. */
  List<String> command(List<String> arguments);

  /** 256 MiB of heap and half of that direct memory, from the unpacked jar. */
  static GatewayJvm usual() {
    return arguments -> UnpackedJar.get().command(tested("-Xmx256m", 128), arguments);
  }

  /** The usual memory, and {@code java -jar headgate-exec.jar}, as users start it. */
  static GatewayJvm ofTheShippedJar() {
    return arguments -> java(tested("-Xmx256m", 128), Commands.jar(), arguments);
  }

  /**
   * Every page of the heap is resident from the start: what the process grows by is memory outside
   * the heap, and nothing of it is the heap's own warming up.
   *
   * @param mebibytes of the heap, and of direct memory
   */
  static GatewayJvm fixedHeap(int mebibytes) {
    List<String> options = tested("-Xmx" + mebibytes + "m", mebibytes);
    options.addAll(List.of("-Xms" + mebibytes + "m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    return arguments -> UnpackedJar.get().command(options, arguments);
  }

  private static List<String> tested(String heap, int directMebibytes) {
    return new ArrayList<>(
        List.of(
            "-Dio.netty.leakDetection.level=paranoid",
            "-Dio.netty.leakDetection.targetRecords=16",
            heap,
            "-XX:MaxDirectMemorySize=" + directMebibytes + "m"));
  }

  /** {@code java -jar} with what every JVM of the gateway in these tests needs. */
  static List<String> java(List<String> options, Path jar, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Commands.java(), "-XX:TieredStopAtLevel=1"));
    // Standard output is the access log's: what the JVM has to say of itself goes elsewhere.
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning:stderr"));
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    return command;
  }
}

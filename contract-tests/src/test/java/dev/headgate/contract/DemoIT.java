package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.samples.Samples;
import java.io.BufferedReader;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code headgate demo}, which needs the samples' fixed ports: 9101 to 9107. */
@DisabledOnOs(OS.WINDOWS)
class DemoIT {
  private static ProcessBuilder demo(int port, int adminPort) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Commands.home().resolve("headgate").toString(),
            "demo",
            "--port",
            Integer.toString(port),
            "--admin-port=" + adminPort);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HEADGATE_JAR", Commands.jar().toString());
    return builder;
  }

  @Test
  void itPrintsWhatToTryAndStopsEverythingAtItsEnd() throws Exception {
    int port = ScriptedUpstream.closedPort();
    int adminPort = ScriptedUpstream.closedPort();
    Process process = demo(port, adminPort).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> banner = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        banner.add(line);
        if (line.contains("Ctrl-C")) {
          break;
        }
      }
      assertThat(banner)
          .as("%s", banner)
          .filteredOn(line -> line.contains("curl"))
          .hasSizeGreaterThan(4);
      assertThat(RawHttp.get(port, "/users").status()).isEqualTo(200);
      List<ProcessHandle> children = process.descendants().toList();
      assertThat(children).isNotEmpty();
      process.toHandle().destroy(); // Process.destroy() would close what is still to be read.
      assertThat(out.lines().filter(line -> line.contains("headgate demo:"))).isEmpty();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    for (int closed : new int[] {port, adminPort, Samples.Service.ECHO.port()}) {
      Assertions.assertThatThrownBy(() -> RawHttp.to(closed)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void aTakenPortIsAClearError() throws Exception {
    try (ScriptedUpstream taken = ScriptedUpstream.playing(connection -> {})) {
      Commands.Result result = Commands.run(demo(taken.port(), ScriptedUpstream.closedPort()));
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains(Integer.toString(taken.port())).contains("--port");
      assertThat(result.err()).doesNotContain("Exception");
    }
  }
}

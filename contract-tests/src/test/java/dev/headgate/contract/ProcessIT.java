package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayJvm;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The process: its start, its ports, its end. */
@Alone
class ProcessIT {
  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.playing(
          connection -> {
            for (Received next = connection.read(); next != null; next = connection.read()) {
              if (next.target().startsWith("/slow")) {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nslow");
                connection.pause(Duration.ofSeconds(3)).write("done");
              } else if (next.target().startsWith("/silent")) {
                connection.awaitEnd();
                return;
              } else {
                connection.write(Answer.ok("fine"));
              }
            }
          });

  private static ConfigRepo repo() {
    return ConfigRepo.create()
        .with("upstream", UPSTREAM.url())
        .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
        .routes("routes: {all: {match: {path: /**}, upstream: u}}");
  }

  @Test
  void versionIsPrinted() throws Exception {
    Commands.Result result = Commands.headgate("--version");
    assertThat(result.exit()).isZero();
    assertThat(result.out().strip()).isEqualTo("headgate 0.1.0");
  }

  @Test
  @EnabledOnOs(OS.LINUX) // Where all of 127.0.0.0/8 is loopback.
  void theAdminPortIsOnLoopbackAloneAndTheMainPortEverywhere() throws Exception {
    try (GatewayProcess gateway =
        GatewayProcess.start(GatewayJvm.ofTheShippedJar(), "ProcessIT-ports", repo())) {
      connect("127.0.0.2", gateway.port());
      assertThatThrownBy(() -> connect("127.0.0.2", gateway.adminPort()))
          .isInstanceOf(ConnectException.class);
      assertThat(RawHttp.get(gateway.port(), "/actuator/health").text()).isEqualTo("fine");
      assertThat(gateway.readiness()).isEqualTo(200);
      assertThat(RawHttp.get(gateway.adminPort(), "/actuator/health/liveness").status())
          .isEqualTo(200);
      Response metrics = RawHttp.get(gateway.adminPort(), "/actuator/prometheus");
      assertThat(metrics.status()).isEqualTo(200);
      assertThat(metrics.text()).contains("jvm_memory_used_bytes").contains("headgate_");
      assertThat(RawHttp.get(gateway.adminPort(), "/actuator/env").status()).isEqualTo(404);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theAdminPortIsWhereItsAddressSays() throws Exception {
    try (GatewayProcess gateway =
        GatewayProcess.start("ProcessIT-admin", repo(), "--management.server.address=0.0.0.0")) {
      connect("127.0.0.2", gateway.adminPort());
    }
  }

  private static void connect(String host, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 2_000);
    }
  }

  @Test
  void sigtermDrains() throws Exception {
    try (GatewayProcess gateway =
            GatewayProcess.start(
                GatewayJvm.ofTheShippedJar(),
                "ProcessIT-drain",
                repo(),
                "--headgate.shutdown.delay=1500ms");
        RawHttp inFlight = RawHttp.to(gateway.port());
        RawHttp kept = RawHttp.to(gateway.port())) {
      assertThat(kept.request("GET /fine").response("GET").headers("connection"))
          .doesNotContain("close");
      inFlight.request("GET /slow").head();
      gateway.terminate();
      Awaitility.await("readiness goes down")
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> gateway.readiness() == 503);
      assertThat(RawHttp.get(gateway.port(), "/fine").text())
          .as("during the delay")
          .isEqualTo("fine");
      Response last = kept.request("GET /fine").response("GET");
      assertThat(last.text()).isEqualTo("fine");
      assertThat(last.need("connection")).isEqualToIgnoringCase("close");
      assertThat(kept.endsWithin(Duration.ofSeconds(3))).isTrue();
      Awaitility.await("new connections are refused")
          .atMost(Duration.ofSeconds(5))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> refused(gateway.port()));
      assertThat(gateway.process().isAlive()).as("the request in flight is waited for").isTrue();
      assertThat(inFlight.in().readNBytes(8)).asString().isEqualTo("slowdone");
      assertThat(gateway.awaitExit(Duration.ofSeconds(15))).isIn(0, 143);
      gateway.assertNoLeakLogged();
      assertThat(gateway.accessLines()).anyMatch(line -> line.contains("\"/slow\""));
    }
  }

  @Test
  void allListenersDrain() throws Exception {
    ConfigRepo repo = repo().gateway("headgate.listeners: {more: {port: 0}}");
    try (GatewayProcess gateway = GatewayProcess.start("ProcessIT-listeners", repo);
        RawHttp inFlight = RawHttp.to(gateway.port("more"));
        RawHttp idle = RawHttp.to(gateway.port("more"))) {
      assertThat(idle.request("GET /fine").response("GET").text()).isEqualTo("fine");
      inFlight.request("GET /slow").head();
      gateway.terminate();
      assertThat(idle.endsWithin(Duration.ofSeconds(3))).isTrue();
      assertThat(refused(gateway.port("more"))).isTrue();
      assertThat(inFlight.in().readNBytes(8)).asString().isEqualTo("slowdone");
      assertThat(gateway.awaitExit(Duration.ofSeconds(15))).isIn(0, 143);
    }
  }

  private static boolean refused(int port) throws IOException {
    try (RawHttp http = RawHttp.to(port)) {
      return http.localPort() < 0;
    } catch (ConnectException refused) {
      return true;
    }
  }

  @Test
  void anIdleGatewayEndsAtOnce() {
    try (GatewayProcess gateway = GatewayProcess.start("ProcessIT-idle", repo())) {
      gateway.terminate();
      assertThat(gateway.awaitExit(Duration.ofSeconds(8))).isIn(0, 143);
    }
  }

  @Test
  void requestsThatDoNotEndAreCutAtTheLimit() throws Exception {
    try (GatewayProcess gateway =
            GatewayProcess.start("ProcessIT-limit", repo(), "--headgate.shutdown.timeout=1s");
        RawHttp http = RawHttp.to(gateway.port())) {
      http.request("GET /silent");
      UPSTREAM.take();
      gateway.terminate();
      assertThat(gateway.awaitExit(Duration.ofSeconds(10))).isIn(0, 143);
      assertThat(http.endsWithin(Duration.ofSeconds(1))).isTrue();
    }
  }

  @Test
  void aTakenPortIsAClearError() throws Exception {
    GatewayProcess gateway =
        GatewayProcess.launch(
            "ProcessIT-taken", repo().folder(), "--server.port=" + UPSTREAM.port());
    try (gateway) {
      assertThat(gateway.awaitExit(Duration.ofSeconds(60))).isNotZero();
      assertThat(gateway.log()).contains(Integer.toString(UPSTREAM.port()));
    }
  }

  @Test
  void withoutStockRoutesNothingBehindOursAnswers() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .routes("routes: {a: {match: {path: /a}, respond: {status: 200, body: a}}}");
    try (GatewayProcess gateway = GatewayProcess.start("ProcessIT-alone", repo)) {
      for (String target : new String[] {"/", "/actuator/health", "/favicon.ico", "/error"}) {
        Response response = RawHttp.get(gateway.port(), target);
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.errorCode()).isNotBlank();
      }
    }
  }
}

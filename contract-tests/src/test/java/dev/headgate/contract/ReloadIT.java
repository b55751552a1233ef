package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Edits while the gateway runs. */
class ReloadIT {
  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.playing(
          connection -> {
            for (Received next = connection.read(); next != null; next = connection.read()) {
              if (next.target().startsWith("/slow")) {
                connection.pause(Duration.ofSeconds(2));
              }
              connection.write(Answer.ok("fine"));
            }
          });
  private static final ConfigRepo REPO =
      ConfigRepo.create()
          .with("upstream", UPSTREAM.url())
          .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}");

  private static GatewayProcess gateway;

  @BeforeAll
  static void start() {
    REPO.routes(routes("start"));
    gateway = GatewayProcess.start("ReloadIT", REPO);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    gateway.assertNoLeakLogged();
  }

  @BeforeEach
  void known() {
    REPO.routes(routes("known"));
    awaitAnswer("known");
  }

  @AfterEach
  void stillAlive() {
    assertThat(gateway.process().isAlive()).isTrue();
  }

  private static String routes(String body) {
    return """
    routes:
      probe: {match: {path: /probe}, respond: {status: 200, body: "%s"}}
      slow: {match: {path: /slow/**}, upstream: u, response-headers: {set: {x-table: "%s"}}}
      fast: {match: {path: /fast}, upstream: u}
    """
        .formatted(body, body);
  }

  private static String answer() {
    try {
      return RawHttp.get(gateway.port(), "/probe").text();
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  private static void awaitAnswer(String body) {
    Awaitility.await("the table that answers " + body)
        .atMost(Duration.ofSeconds(10))
        .until(() -> answer().equals(body));
  }

  /** The running table answers {@code body} for longer than any debounce. */
  private static void assertStays(String body) {
    Awaitility.await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(4))
        .until(() -> answer().equals(body));
  }

  @Test
  void anEditIsSeen() {
    REPO.routes(routes("edited"));
    awaitAnswer("edited");
  }

  @Test
  void anEditInPlaceIsSeen() throws Exception {
    Files.writeString(REPO.file("routes/test.yml"), routes("in-place"));
    awaitAnswer("in-place");
  }

  @Test
  void aNewFileIsSeenAndSoIsItsRemoval() {
    REPO.write(
        "routes/more.yml",
        "routes: {more: {match: {path: /more}, respond: {status: 200, body: more}}}");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> RawHttp.get(gateway.port(), "/more").status() == 200);
    REPO.delete("routes/more.yml");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> RawHttp.get(gateway.port(), "/more").status() == 404);
  }

  @Test
  void aNewFolderOfFilesIsSeen() throws Exception {
    REPO.write(
        "upstreams/second.yml", REPO.filled("upstreams: {u2: {endpoints: [\"@upstream@\"]}}"));
    REPO.write("routes/second.yml", "routes: {second: {match: {path: /second}, upstream: u2}}");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> RawHttp.get(gateway.port(), "/second").status() == 200);
    REPO.delete("routes/second.yml").delete("upstreams/second.yml");
  }

  @Test
  void aHalfWrittenFileIsNoSet() throws Exception {
    String whole = routes("whole");
    Path file = REPO.file("routes/test.yml");
    int errors = problemsLogged();
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    Files.writeString(file, whole.substring(whole.length() / 2), StandardOpenOption.APPEND);
    awaitAnswer("whole");
    assertThat(problemsLogged()).isEqualTo(errors);
  }

  private static int problemsLogged() {
    return (int)
        gateway.log().lines().filter(line -> line.matches(".*test\\.yml:[0-9]+:.*")).count();
  }

  @Test
  void aBadSetLeavesTheRunningTableIsLoggedOnceAndShows() throws Exception {
    String health = gateway.health().text();
    List<String> metrics = reloadMetrics();
    REPO.routes(routes("bad") + "  broken: {match: {path: /b}, upstraem-zebra: u}\n");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> gateway.log().contains("upstraem-zebra"));
    assertStays("known");
    assertThat(
            gateway
                .log()
                .lines()
                .filter(line -> line.matches(".*test\\.yml:[0-9]+:[0-9]+.*upstraem-zebra.*"))
                .count())
        .isEqualTo(1);
    assertThat(gateway.health().text()).isNotEqualTo(health).contains("test.yml");
    assertThat(gateway.readiness()).isEqualTo(200);
    assertThat(reloadMetrics()).isNotEqualTo(metrics);

    REPO.routes(routes("mended"));
    awaitAnswer("mended");
    assertThat(gateway.health().text()).doesNotContain("zebra");
  }

  /** The samples about configuration, whatever their names. */
  private static List<String> reloadMetrics() throws Exception {
    return gateway
        .metrics()
        .lines()
        .filter(line -> line.matches("headgate_[a-z_]*(config|reload|table)[a-z_]*.*"))
        .toList();
  }

  @Test
  void nothingOfABadSetIsApplied() {
    REPO.write(
        "routes/half.yml",
        "routes: {good-half: {match: {path: /good-half}, respond: {status: 200, body: x}}}");
    REPO.routes(routes("half") + "  dangling: {match: {path: /d}, upstream: nobody-zulu}\n");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> gateway.log().contains("nobody-zulu"));
    assertStays("known");
    REPO.delete("routes/half.yml");
  }

  @Test
  void requestsInFlightFinishOnTheirTable() throws Exception {
    UPSTREAM.forget();
    try (RawHttp http = RawHttp.to(gateway.port())) {
      http.request("GET /slow/1");
      UPSTREAM.take();
      REPO.routes(routes("next"));
      awaitAnswer("next");
      assertThat(http.response("GET").need("x-table")).isEqualTo("known");
      assertThat(http.request("GET /slow/2").response("GET").need("x-table")).isEqualTo("next");
    }
  }

  @Test
  void aRouteThatIsRemovedLetsItsRequestsFinish() throws Exception {
    UPSTREAM.forget();
    try (RawHttp http = RawHttp.to(gateway.port())) {
      http.request("GET /slow/1");
      UPSTREAM.take();
      REPO.upstreams("upstreams: {other: {endpoints: [\"@upstream@\"]}}")
          .routes("routes: {probe: {match: {path: /probe}, respond: {status: 200, body: bare}}}");
      awaitAnswer("bare");
      Response response = http.response("GET");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.text()).isEqualTo("fine");
    } finally {
      REPO.upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}");
    }
  }

  @Test
  void connectionsOfAnUnchangedUpstreamAreKept() throws Exception {
    try (RawHttp http = RawHttp.to(gateway.port())) {
      assertThat(http.request("GET /fast").response("GET").status()).isEqualTo(200);
      int before = UPSTREAM.accepted();
      REPO.routes(routes("reloaded"));
      awaitAnswer("reloaded");
      assertThat(http.request("GET /fast").response("GET").status()).isEqualTo(200);
      assertThat(UPSTREAM.accepted()).isEqualTo(before);
    }
  }

  @Test
  void theRepoIsOnlyRead() throws Exception {
    try (Stream<Path> files = Files.walk(REPO.folder())) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsOnly("test.yml");
    }
  }
}

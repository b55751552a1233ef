package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What survives a restart. */
@Once
class StateDirIT {
  private static final String BROKEN = "routes: {probe: {match: {path: /probe}, respnod: {}}}";

  private static String routes(String body) {
    return "routes: {probe: {match: {path: /probe}, respond: {status: 200, body: " + body + "}}}";
  }

  private static String answer(GatewayProcess gateway) throws IOException {
    return RawHttp.get(gateway.port(), "/probe").text();
  }

  private static void awaitAnswer(GatewayProcess gateway, String body) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(() -> answer(gateway).equals(body));
  }

  private static String state(Path folder) {
    return "--headgate.state-dir=" + folder;
  }

  @Test
  void aRestartWithABrokenRepoServesTheLastGoodSet() throws Exception {
    ConfigRepo repo = ConfigRepo.create().routes(routes("one"));
    Path state = Files.createTempDirectory("headgate-state").resolve("made-when-missing");
    try (GatewayProcess gateway = GatewayProcess.start("StateDirIT-first", repo, state(state))) {
      repo.routes(routes("two"));
      awaitAnswer(gateway, "two");
      repo.routes(BROKEN);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> gateway.log().contains("respnod"));
    }
    try (GatewayProcess gateway = GatewayProcess.start("StateDirIT-second", repo, state(state))) {
      assertThat(answer(gateway)).isEqualTo("two");
      assertThat(gateway.log()).contains("respnod");
      assertThat(gateway.health().text()).contains("test.yml");
      repo.routes(routes("three"));
      awaitAnswer(gateway, "three");
    }
  }

  @Test
  void theLastGoodSetOfAnotherSourceIsNotTaken() throws Exception {
    Path state = Files.createTempDirectory("headgate-state");
    ConfigRepo good = ConfigRepo.create().routes(routes("good"));
    GatewayProcess.start("StateDirIT-source-1", good, state(state)).close();
    ConfigRepo other = ConfigRepo.create().routes(BROKEN);
    assertNeverReady("StateDirIT-source-2", other, state(state));
  }

  @Test
  void aBrokenRepoWithoutALastGoodSetIsNeverReadyAndSaysWhy() throws Exception {
    ConfigRepo repo = ConfigRepo.create().routes(BROKEN);
    assertNeverReady("StateDirIT-broken", repo, state(Files.createTempDirectory("headgate-state")));
  }

  /** Either the process ends with an error, or it stays up unready and takes the mended repo. */
  private static void assertNeverReady(String name, ConfigRepo repo, String state)
      throws Exception {
    try (GatewayProcess gateway = GatewayProcess.launch(name, repo.folder(), state)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> gateway.log().contains("respnod"));
      if (ended(gateway)) {
        assertThat(gateway.process().exitValue()).isNotZero();
        return;
      }
      gateway.awaitPorts();
      assertThat(gateway.readiness()).isEqualTo(503);
      repo.routes(routes("mended"));
      gateway.awaitReady();
      assertThat(answer(gateway)).isEqualTo("mended");
    }
  }

  /** Whether it ended rather than opened its ports; one of the two it does. */
  private static boolean ended(GatewayProcess gateway) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !gateway.process().isAlive() || gateway.log().contains("Admin on "));
    return !gateway.process().isAlive();
  }

  @Test
  void aConfigMapSwapIsSeenAndItsBookkeepingIsNotRead() throws Exception {
    ConfigRepo repo = ConfigRepo.create();
    Path folder = repo.file("routes");
    mount(folder, "..2026_11_22_1", routes("one"));
    try (GatewayProcess gateway = GatewayProcess.start("StateDirIT-configmap", repo)) {
      assertThat(answer(gateway)).isEqualTo("one");
      for (String next : new String[] {"two", "three"}) {
        mount(folder, "..2026_11_22_" + next, routes(next));
        awaitAnswer(gateway, next);
      }
    }
  }

  /**
   * As the kubelet does it: a new folder, a link to it renamed over {@code ..data}, the old one
   * removed.
   */
  private static void mount(Path folder, String version, String routes) throws IOException {
    Path data = folder.resolve("..data");
    Path old = Files.exists(data) ? folder.resolve(Files.readSymbolicLink(data)) : null;
    Path fresh = Files.createDirectory(folder.resolve(version));
    Files.writeString(fresh.resolve("shop.yml"), routes);
    Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
    Files.move(
        link,
        data,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Path visible = folder.resolve("shop.yml");
    if (!Files.isSymbolicLink(visible)) {
      Files.createSymbolicLink(visible, Path.of("..data", "shop.yml"));
    }
    if (old != null) {
      Files.delete(old.resolve("shop.yml"));
      Files.delete(old);
    }
  }
}

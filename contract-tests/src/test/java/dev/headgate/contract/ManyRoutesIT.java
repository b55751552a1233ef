package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ten thousand routes: they load, match and reload. */
@Alone
@Once
class ManyRoutesIT {
  private static final int FILES = 10;
  private static final int ROUTES_A_FILE = 1_000;

  @RegisterExtension static final SharedGateway GATEWAY = SharedGateway.over(repo());

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    for (int file = 0; file < FILES; file++) {
      write(repo, file, "first");
    }
    return repo;
  }

  private static void write(ConfigRepo repo, int file, String body) {
    StringBuilder yaml = new StringBuilder("routes:\n");
    for (int i = file * ROUTES_A_FILE; i < (file + 1) * ROUTES_A_FILE; i++) {
      yaml.append(
          String.format(
              Locale.ROOT,
              "  r%1$d:%n    match: {path: \"/tenant-%1$d/{id}/**\", methods: [GET]}%n"
                  + "    respond: {status: 200, body: \"%2$s %1$d\"}%n",
              i,
              body));
    }
    repo.write("routes/f" + file + ".yml", yaml.toString());
  }

  @Test
  void eachIsFound() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      for (int i = 0; i < FILES * ROUTES_A_FILE; i += 333) {
        assertThat(http.request("GET /tenant-" + i + "/x/y").response("GET").text())
            .isEqualTo("first " + i);
      }
      assertThat(http.request("GET /tenant-9999/x").response("GET").text()).isEqualTo("first 9999");
      assertThat(http.request("GET /tenant-10000/x").response("GET").status()).isEqualTo(404);
      assertThat(http.request("HEAD /tenant-1").response("HEAD").status()).isEqualTo(404);
    }
  }

  @Test
  void anEditAmongThemIsSeenSoon() throws Exception {
    long start = System.nanoTime();
    write(GATEWAY.repo(), 9, "second");
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> RawHttp.get(GATEWAY.port(), "/tenant-9999/x").text().equals("second 9999"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    write(GATEWAY.repo(), 9, "first");
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> RawHttp.get(GATEWAY.port(), "/tenant-9999/x").text().equals("first 9999"));
  }
}

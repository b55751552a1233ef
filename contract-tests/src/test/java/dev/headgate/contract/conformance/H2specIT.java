package dev.headgate.contract.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The gateway as an HTTP/2 server. What it fails stands, each with its reason, in {@code
 * http2/h2spec-failures.txt}; the list is exact, so that it shrinks with what it tells of.
 */
class H2specIT {
  /** HAProxy's figure. */
  private static final int LEAST = 140;

  private static final int CASES = 146;

  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.answering(
          request ->
              Answer.ok(request.method().equals("HEAD") ? "" : "a body of more than five octets"));

  private static ConfigRepo repo() {
    return ConfigRepo.create()
        .with("upstream", UPSTREAM.url())
        .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
        .routes("routes: {all: {match: {path: /**}, upstream: u}}");
  }

  @Test
  void withPriorKnowledgeOnThePlainPort() throws Exception {
    try (GatewayProcess gateway = GatewayProcess.start("H2specIT-h2c", repo())) {
      judge(H2spec.run(gateway.port(), false));
      gateway.assertNoLeaks("/");
    }
  }

  @Test
  void overTls() throws Exception {
    try (GatewayProcess gateway =
        GatewayProcess.start(
            "H2specIT-tls",
            repo(),
            "--server.ssl.key-store=" + Tls.store(),
            "--server.ssl.key-store-password=" + Tls.PASSWORD,
            "--management.server.ssl.enabled=false")) {
      judge(H2spec.run(gateway.port(), true));
      gateway.assertNoLeakLogged();
    }
  }

  private static void judge(Map<String, String> outcomes) throws IOException {
    Map<String, String> failed = new TreeMap<>(outcomes);
    failed.values().removeIf(String::isEmpty);
    assertThat(outcomes.keySet()).hasSize(CASES);
    assertThat(failed.keySet())
        .as("failed, of which more in %s", failed)
        .containsExactlyInAnyOrderElementsOf(known().keySet());
    assertThat(outcomes.size() - failed.size()).isGreaterThanOrEqualTo(LEAST);
  }

  /** By case, why. */
  private static Map<String, String> known() throws IOException {
    Map<String, String> known = new LinkedHashMap<>();
    try (InputStream in = H2specIT.class.getResourceAsStream("/http2/h2spec-failures.txt")) {
      new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" \\| ", 2))
          .forEach(columns -> known.put(columns[0], columns[1]));
    }
    assertThat(known).doesNotContainValue("");
    return known;
  }
}

package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.UpstreamConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that leave at every moment, in crowds; afterwards everything is as before. */
@Once
class AbortStormIT {
  private static final int CLIENTS = 240;
  private static final byte[] BLOCK = new byte[64 * 1_024];
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.playing(AbortStormIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams(
                  """
                  upstreams:
                    wide: {endpoints: ["@upstream@"]}
                    narrow: {endpoints: ["@upstream@"], pool: {max-connections: 4}}
                  """)
              .routes(
                  """
                  routes:
                    wide: {match: {path: /**}, upstream: wide}
                    narrow: {match: {path: /narrow/**}, upstream: narrow}
                  """));

  private static void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      String target = head.startLine();
      if (target.contains("/silent")) {
        connection.awaitEnd();
        return;
      } else if (target.contains("/half-head")) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Le").awaitEnd();
        return;
      } else if (target.contains("/endless")) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
        while (true) {
          connection.write(BLOCK); // Ends by the broken pipe.
        }
      } else if (target.contains("/upload")) {
        connection.awaitEnd();
        return;
      } else if (target.contains("/quick")) {
        connection.write(Answer.chunked("one", "two", "three"));
      } else {
        connection.readBody(head);
        connection.ok("fine");
      }
    }
  }

  /** One client of the kind named, that leaves by RST or by FIN. */
  private static void abort(String kind, String prefix, int i) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      switch (kind) {
        case "half-request" -> http.send("GET " + prefix + "/silent HTTP/1.1\r\nHos");
        case "at-once" -> http.request("GET " + prefix + "/silent");
        case "before-head" -> {
          http.request("GET " + prefix + "/silent").readTimeout(Duration.ofMillis(20 + i % 60));
          readSomething(http);
        }
        case "during-head" -> {
          http.request("GET " + prefix + "/half-head").readTimeout(Duration.ofMillis(20 + i % 60));
          readSomething(http);
        }
        case "after-head" -> http.request("GET " + prefix + "/endless").head();
        case "amid-body" -> {
          http.request("GET " + prefix + "/endless").head();
          http.in().skipNBytes(100_000L + 1_000L * i);
        }
        case "amid-upload" -> {
          http.request("POST " + prefix + "/upload", "Content-Length: 10000000");
          http.send(new byte[50_000 + 100 * i]);
        }
        case "amid-pipeline" ->
            http.send(("GET " + prefix + "/quick HTTP/1.1\r\nHost: a\r\n\r\n").repeat(20)).head();
        default -> throw new IllegalArgumentException(kind);
      }
      if (i % 2 == 0) {
        http.reset();
      }
    }
  }

  private static void readSomething(RawHttp http) {
    try {
      http.head();
    } catch (IOException nothingCame) {
      // As meant: the client's patience ends.
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "half-request",
        "at-once",
        "before-head",
        "during-head",
        "after-head",
        "amid-body",
        "amid-upload",
        "amid-pipeline"
      })
  void aStormLeavesNothingBehind(String kind) throws Exception {
    storm(kind, "");
    awaitReleased();
    assertHealthy("/fine", 100);
    GATEWAY.process().assertNoLeaks("/fine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"at-once", "before-head", "after-head", "amid-body", "amid-upload"})
  void aStormDoesNotExhaustASmallPool(String kind) throws Exception {
    storm(kind, "/narrow");
    awaitReleased();
    // The last of the storm may still be on its way out of so small a pool; after that none is
    // lost.
    Awaitility.await("the storm has passed")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertHealthy("/narrow/fine", 1));
    assertHealthy("/narrow/fine", 40);
  }

  @Test
  void healthyTrafficDuringAStormIsServed() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> storm =
          threads.submit(
              () -> {
                storm("amid-body", "");
                return null;
              });
      assertHealthy("/fine", 200);
      storm.get();
    } finally {
      threads.shutdownNow();
    }
    awaitReleased();
  }

  private static void storm(String kind, String prefix) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(24);
    try {
      List<Callable<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        clients.add(
            () -> {
              try {
                abort(kind, prefix, number);
              } catch (IOException refused) {
                // A full pool may answer 503 and close, a client in a storm does not care.
              }
              return null;
            });
      }
      for (Future<Void> client : threads.invokeAll(clients)) {
        client.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Only pooled, idle connections may be left: few, since each event loop keeps its own. */
  private static void awaitReleased() {
    Awaitility.await("upstream connections are released")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(UPSTREAM.open()).isLessThanOrEqualTo(60));
  }

  private static void assertHealthy(String target, int requests) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      for (int i = 0; i < requests; i++) {
        assertThat(http.requestWithBody("POST " + target, "x").response("POST").text())
            .isEqualTo("fine");
      }
    }
    for (int i = 0; i < 10; i++) {
      assertThat(RawHttp.get(GATEWAY.port(), target).text()).isEqualTo("fine");
    }
  }
}

package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Tls;
import dev.headgate.contract.harness.TlsClient;
import dev.headgate.contract.harness.UpstreamConnection;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are reset at every moment, in crowds, on connections that live on. */
@Once
class Http2AbortStormIT {
  private static final int ROUNDS = 6;
  private static final int STREAMS = 40;
  private static final byte[] BLOCK = new byte[64 * 1_024];
  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.playing(Http2AbortStormIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes("routes: {all: {match: {path: /**}, upstream: u}}"),
          "--server.ssl.key-store=" + Tls.store(),
          "--server.ssl.key-store-password=" + Tls.PASSWORD);

  /** A connection of its own: one that resets streams without end is ended itself. */
  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_2)
        .sslContext(TlsClient.trustingAnybody())
        .build();
  }

  private static void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      String target = head.startLine();
      if (target.contains("/silent") || target.contains("/upload")) {
        connection.awaitEnd();
        return;
      } else if (target.contains("/endless")) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
        while (true) {
          connection.write(BLOCK); // Ends by the broken pipe.
        }
      } else {
        connection.readBody(head);
        connection.ok("fine");
      }
    }
  }

  private static HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + GATEWAY.port() + target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"at-once", "before-head", "amid-body", "amid-upload"})
  void aStormOfResetsLeavesNothingBehind(String kind) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      storm(client(), kind);
    }
    HttpClient client = client();
    Awaitility.await("upstream connections are released")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(UPSTREAM.open()).isLessThanOrEqualTo(60));
    assertFine(client, 50);
    GATEWAY.process().collectGarbage();
    assertFine(client, 50);
    GATEWAY.process().assertNoLeakLogged();
  }

  @Test
  void oneStreamsResetIsNotAnothers() throws Exception {
    HttpClient client = client();
    CompletableFuture<HttpResponse<InputStream>> other =
        client.sendAsync(to("/endless").build(), BodyHandlers.ofInputStream());
    try (InputStream body = other.get(20, TimeUnit.SECONDS).body()) {
      storm(client, "amid-body");
      body.skipNBytes(4L << 20);
    }
    assertFine(client, 1);
  }

  private static void storm(HttpClient client, String kind) throws Exception {
    List<CompletableFuture<HttpResponse<InputStream>>> calls = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      HttpRequest request =
          switch (kind) {
            case "amid-body" -> to("/endless").build();
            case "amid-upload" ->
                to("/upload").POST(BodyPublishers.ofByteArray(new byte[1 << 20])).build();
            default -> to("/silent").build();
          };
      var call = client.sendAsync(request, BodyHandlers.ofInputStream());
      if (kind.equals("at-once")) {
        call.cancel(true);
      }
      calls.add(call);
    }
    if (!kind.equals("at-once") && !kind.equals("amid-body")) {
      int expected = STREAMS / 2;
      Awaitility.await("calls are underway")
          .atMost(Duration.ofSeconds(20))
          .until(() -> UPSTREAM.open() >= expected);
    }
    for (var call : calls) {
      if (kind.equals("amid-body")) {
        try (InputStream body = call.get(20, TimeUnit.SECONDS).body()) {
          body.skipNBytes(10_000);
        }
      } else {
        call.cancel(true);
      }
    }
  }

  private static void assertFine(HttpClient client, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      HttpResponse<String> answer = client.send(to("/fine").build(), BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("fine");
    }
  }
}

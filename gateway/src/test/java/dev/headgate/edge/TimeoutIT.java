package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.head;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Total, per-try and idle limits on real connections. */
class TimeoutIT {
  private static final String ONCE = "retry: {max-attempts: 1}, ";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream silent() {
    return edge.service(Wire::awaitEnd);
  }

  private RawUpstream stallingAfter(String begun) {
    return edge.service(
        wire -> {
          wire.readHead();
          wire.send(begun);
          wire.awaitEnd();
        });
  }

  private void assertCut(Wire client) {
    assertThatThrownBy(() -> client.read(100)).isInstanceOf(IOException.class);
  }

  @Test
  void totalBeforeTheHeadIs504() throws Exception {
    RawUpstream service = silent();
    edge.route(service, ONCE + "timeout: {total: 150ms}", "");
    Wire client = edge.client().send(request("GET", "/svc/a"));

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.body()).contains("DEADLINE_EXCEEDED");
    assertThat(client.send(request("GET", "/local")).readAnswer().body()).isEqualTo("local");
    await().until(() -> service.open() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-length: 100\r\n\r\n", "transfer-encoding: chunked\r\n\r\n"})
  void totalInTheBodyCutsIt(String framing) throws Exception {
    RawUpstream service = stallingAfter("HTTP/1.1 200 OK\r\n" + framing);
    edge.route(service, ONCE + "timeout: {total: 200ms}", "");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    assertThat(client.readHead().status()).isEqualTo(200);

    assertCut(client);

    assertThat(edge.record(0).flags()).containsExactly("DEADLINE_EXCEEDED");
    await().until(() -> service.open() == 0);
  }

  @Test
  void totalCutsABodyThatKeepsComing() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              while (wire.silentFor(20)) {
                wire.sendChunk("more");
              }
            }),
        ONCE + "timeout: {total: 300ms, idle: 10s}",
        "");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    assertThatThrownBy(
            () -> {
              while (!client.readChunk().isEmpty()) {
                // Until it is cut.
              }
            })
        .isInstanceOf(IOException.class);

    assertThat(edge.record(0).flags()).containsExactly("DEADLINE_EXCEEDED");
  }

  @Test
  void totalCutsAnHttp10BodyByAReset() throws Exception {
    edge.route(
        stallingAfter("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n"),
        ONCE + "timeout: {total: 200ms}",
        "");
    Wire client = edge.client().send("GET /svc/a HTTP/1.0\r\n\r\n");
    client.readHead();

    assertThat(client.awaitEnd()).isEqualTo(Wire.End.RESET);
  }

  @Test
  void totalIsOffForAnEventStream() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n");
              wire.send("transfer-encoding: chunked\r\n\r\n");
              goOn.await();
              wire.sendChunk("data: late\n\n").send("0\r\n\r\n");
              wire.awaitEnd();
            }),
        ONCE + "timeout: {total: 150ms}",
        "");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    assertThat(client.silentFor(400)).isTrue();
    goOn.countDown();

    assertThat(client.readChunk()).isEqualTo("data: late\n\n");
  }

  @Test
  void idleHoldsForAnEventStream() throws Exception {
    edge.route(
        stallingAfter(
            head(
                "HTTP/1.1 200 OK",
                "content-type: text/event-stream",
                "transfer-encoding: chunked")),
        ONCE + "timeout: {idle: 100ms}",
        "");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    assertCut(client);

    assertThat(edge.record(0).flags()).containsExactly("UPSTREAM_IDLE_TIMEOUT");
  }

  @Test
  void aTryThatTakesTooLongIs504() throws Exception {
    edge.route(silent(), ONCE + "timeout: {per-try: 100ms}", "");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.body()).contains("UPSTREAM_TIMEOUT");
  }

  @Test
  void theTrysLimitEndsAtTheHead() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n");
              goOn.await();
              wire.send("late");
              wire.awaitEnd();
            }),
        ONCE + "timeout: {per-try: 150ms}",
        "");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();
    assertThat(client.silentFor(300)).isTrue();

    goOn.countDown();

    assertThat(client.read(4)).isEqualTo("late");
  }

  @Test
  void aStalledUploadIs408AndEndsBothConnections() throws Exception {
    RawUpstream service = silent();
    edge.route(service, ONCE + "timeout: {idle: 100ms}", "");
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 9\r\n\r\nbegun");

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    await().until(() -> service.open() == 0);
    assertThat(edge.record(0).flags()).containsExactly("CLIENT_TIMEOUT");
  }

  @Test
  void anUploadThatMovesIsNotStalled() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readRequest();
              wire.send(ok("taken"));
              wire.awaitEnd();
            }),
        ONCE + "timeout: {idle: 300ms}",
        "");
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 8\r\n\r\n");

    for (int i = 0; i < 8; i++) {
      assertThat(client.silentFor(100)).isTrue();
      client.send("x");
    }

    assertThat(client.readAnswer().body()).isEqualTo("taken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-length: 100\r\n\r\nbegun", "\r\nbegun"})
  void aStalledAnswerIsCut(String rest) throws Exception {
    RawUpstream service = stallingAfter("HTTP/1.1 200 OK\r\n" + rest);
    edge.route(service, ONCE + "timeout: {idle: 100ms}", "");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    assertCut(client);

    assertThat(edge.record(0).flags()).containsExactly("UPSTREAM_IDLE_TIMEOUT");
    await().until(() -> service.open() == 0);
  }

  @Test
  void aServiceThatDoesNotReadIsGivenUp() throws Exception {
    RawUpstream service =
        edge.slowReadingService(
            wire -> {
              wire.readHead();
              // Reads no more; the gateway's going is seen by the test.
              new CountDownLatch(1).await();
            });
    edge.route(service, ONCE + "timeout: {idle: 200ms}", "");
    Wire client = edge.client();
    client.send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 100000000\r\n\r\n");
    Thread upload = sending(client, 16 * 1024 * 1024);

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.body()).contains("UPSTREAM_IDLE_TIMEOUT");
    client.close();
    upload.join();
  }

  @ParameterizedTest
  @ValueSource(ints = {300_000, 50_000_000})
  void aClientThatDoesNotReadIsCut(int length) throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              while (true) {
                wire.readHead();
                wire.send("HTTP/1.1 200 OK\r\ncontent-length: " + length + "\r\n\r\n");
                for (int at = 0; at < length; at += 10_000) {
                  wire.send(new byte[10_000]);
                }
              }
            });
    edge.route(service, ONCE + "timeout: {idle: 200ms}", "");
    // Several answers, so that even small ones fill what the kernels hold.
    Wire client = edge.slowReadingClient().send(request("GET", "/svc/a").repeat(20));

    await()
        .until(() -> edge.records().stream().anyMatch(r -> r.flags().contains("CLIENT_TIMEOUT")));
    await().until(() -> edge.drain().connections() == 0);
    assertThat(client.awaitEnd()).isNotNull();
  }

  private static Thread sending(Wire wire, int bytes) {
    Thread thread =
        new Thread(
            () -> {
              try {
                for (int at = 0; at < bytes; at += 64 * 1024) {
                  wire.send(new byte[64 * 1024]);
                }
              } catch (IOException e) {
                // Cut.
              }
            });
    thread.start();
    return thread;
  }
}

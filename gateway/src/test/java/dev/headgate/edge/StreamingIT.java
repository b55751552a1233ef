package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies larger than anything that is held, in both directions, at the pace of the slower side. */
class StreamingIT {
  /** More than all buffers on the way, the kernel's included. */
  private static final int LARGE = 24 * 1024 * 1024;

  /** What may lie between the two ends: four kernel buffers at their largest, and our own. */
  private static final long HELD_AT_MOST = 16 * 1024 * 1024;

  private static final int BLOCK = 16 * 1024;

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private static byte[] block(long at) {
    byte[] block = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      block[i] = (byte) ((at + i) % 251);
    }
    return block;
  }

  private static void sendLarge(Wire wire, AtomicLong sent) throws IOException {
    for (long at = 0; at < LARGE; at += BLOCK) {
      wire.send(block(at));
      sent.addAndGet(BLOCK);
    }
  }

  private static void readLarge(Wire wire) throws IOException {
    for (long at = 0; at < LARGE; at += BLOCK) {
      if (!wire.read(BLOCK).equals(new String(block(at), ISO_8859_1))) {
        throw new AssertionError("other bytes than were sent, after " + at);
      }
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsTheServiceBack() throws Exception {
    AtomicLong sent = new AtomicLong();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: " + LARGE + "\r\n\r\n");
              sendLarge(wire, sent);
              wire.awaitEnd();
            }));
    Wire client = edge.slowReadingClient().send(request("GET", "/svc/a"));

    assertThat(Stalls.awaitStandstill(sent::get)).isLessThan(HELD_AT_MOST);

    client.readHead();
    readLarge(client);
    assertThat(edge.record(0).bytesOut()).isEqualTo(LARGE);
    edge.awaitIdle();
    await().until(() -> edge.pool().idle() == 1);
  }

  @Test
  void aServiceThatDoesNotReadHoldsTheClientBack() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.route(
        edge.slowReadingService(
            wire -> {
              wire.readHead();
              goOn.await();
              readLarge(wire);
              wire.send(ok("taken"));
              wire.awaitEnd();
            }));
    AtomicLong sent = new AtomicLong();
    Wire client = edge.client();
    client.send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: " + LARGE + "\r\n\r\n");
    Thread upload = upload(client, sent);

    assertThat(Stalls.awaitStandstill(sent::get)).isLessThan(HELD_AT_MOST);

    goOn.countDown();
    assertThat(client.readAnswer().body()).isEqualTo("taken");
    upload.join();
    assertThat(edge.record(0).bytesIn()).isEqualTo(LARGE);
  }

  private static Thread upload(Wire client, AtomicLong sent) {
    Thread upload =
        new Thread(
            () -> {
              try {
                sendLarge(client, sent);
              } catch (IOException e) {
                // Told by what the test looks at.
              }
            });
    upload.start();
    return upload;
  }

  @Test
  void bothDirectionsStreamAtOnce() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: " + LARGE + "\r\n\r\n");
              for (long at = 0; at < LARGE; at += BLOCK) {
                wire.send(wire.read(BLOCK));
              }
              wire.awaitEnd();
            }));
    Wire client = edge.client();
    client.send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: " + LARGE + "\r\n\r\n");
    Thread upload = upload(client, new AtomicLong());

    assertThat(client.readHead().status()).isEqualTo(200);
    readLarge(client);

    upload.join();
    assertThat(edge.record(0).flags()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-length: 9", "transfer-encoding: chunked"})
  void aRequestGoesOnAfterItsAnswerHasBegun(String framing) throws Exception {
    LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              Head head = wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").sendChunk("go on");
              asked.add(wire.readBodyOf(head).body());
              wire.sendChunk("thanks").send("0\r\n\r\n");
              wire.awaitEnd();
            }));
    Wire client = edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\n" + framing + "\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readChunk()).isEqualTo("go on");

    if (framing.startsWith("content")) {
      client.send("some").send(" more");
    } else {
      client.sendChunk("some").sendChunk(" more").send("0\r\n\r\n");
    }

    assertThat(client.readChunk()).isEqualTo("thanks");
    assertThat(client.readChunk()).isEmpty();
    assertThat(asked.take()).isEqualTo("some more");
  }

  @Test
  void eachPieceOfAStreamGoesOutAsItComes() throws Exception {
    LinkedBlockingQueue<String> next = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n");
              wire.send("transfer-encoding: chunked\r\n\r\n");
              for (String event = next.take(); !event.isEmpty(); event = next.take()) {
                wire.sendChunk(event);
              }
              wire.send("0\r\n\r\n");
              wire.awaitEnd();
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    for (int i = 0; i < 3; i++) {
      next.add("data: " + i + "\n\n");
      assertThat(client.readChunk()).isEqualTo("data: " + i + "\n\n");
    }
    next.add("");
    assertThat(client.readChunk()).isEmpty();
  }

  @Test
  void aChunkCutAnywhereArrivesWhole() throws Exception {
    LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
    String chunks = "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    edge.route(
        edge.service(
            wire -> {
              asked.add(wire.readRequest().body());
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              for (String c : chunks.split("", 0)) {
                wire.send(c);
                wire.silentFor(2);
              }
              wire.awaitEnd();
            }));

    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n");
    for (String c : chunks.split("", 0)) {
      client.send(c);
      client.silentFor(2);
    }
    Answer answer = client.readAnswer();

    assertThat(asked.take()).isEqualTo("hello world");
    assertThat(answer.body()).isEqualTo("hello world");
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Reply;
import dev.headgate.testing.RawUpstream;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Flow control end to end (RFC 9113 section 5.2): whoever is slow slows the other side alone. */
class Http2FlowIT {
  private static final int WINDOW = 65_535;
  private static final int PIECE = 16 * 1024;
  private static final int LARGE = 32 * 1024 * 1024;

  // Of the socket's buffers on either side, and one turn of reading in the gateway.
  private static final long SLACK = 12L * 1024 * 1024;

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final AtomicLong sent = new AtomicLong();

  private RawUpstream sending(int length) {
    return edge.service(
        wire -> {
          wire.readHead();
          wire.send("HTTP/1.1 200 OK\r\ncontent-length: " + length + "\r\n\r\n");
          for (int left = length; left > 0; left -= PIECE) {
            wire.send(new byte[Math.min(left, PIECE)]);
            sent.addAndGet(PIECE);
          }
          wire.awaitEnd();
        });
  }

  private static long memory() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  @Test
  void aLargeDownloadArrivesWhole() throws Exception {
    edge.route(sending(LARGE));
    Http2Client client = edge.http2().keepsNothing();

    Http2Reply reply = client.answer(client.get("/svc/a"));

    assertThat(reply.received()).isEqualTo(LARGE);
    assertThat(reply.whole()).isTrue();
    assertThat(client.hasGoneAway()).isFalse();
  }

  @Test
  void aClientThatTakesNothingHoldsTheServiceUp() throws Exception {
    edge.route(sending(LARGE), "retry: {max-attempts: 1}, timeout: {total: none}", "");
    long before = memory();
    Http2Client client = edge.http2().keepsNothing().holdsWindow();
    int stream = client.get("/svc/a");
    client.readUntil(() -> client.reply(stream).received() == WINDOW);

    Stalls.awaitStandstill(sent::get);

    assertThat(sent.get()).isLessThan(SLACK);
    assertThat(memory() - before).isLessThan(SLACK);
    assertThat(client.sync().reply(stream).received()).isEqualTo(WINDOW);
    // A window for this stream alone does not help: the connection's is used up too.
    client.windowUpdate(stream, LARGE).sync();
    assertThat(client.reply(stream).received()).isEqualTo(WINDOW);
    client.windowUpdate(0, LARGE);
    assertThat(client.answer(stream).received()).isEqualTo(LARGE);
  }

  @Test
  void aServiceThatTakesNothingHoldsTheClientUpAndNoOtherStream() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.route(
        edge.slowReadingService(
            wire -> {
              for (Head head = wire.readHead(); ; head = wire.readHead()) {
                if (head.target().equals("/svc/slow")) {
                  goOn.await();
                  wire.awaitEnd();
                }
                wire.readBodyOf(head);
                wire.send(ok("quick"));
              }
            }),
        "retry: {max-attempts: 1}, timeout: {total: none}",
        "");
    Http2Client client = edge.http2();
    int slow = client.open(false, "POST", "/svc/slow", "content-length: " + 100L * WINDOW);
    for (int i = 0; i < WINDOW / 15_000; i++) {
      client.data(slow, false, new byte[15_000]);
    }

    for (int i = 0; i < 20; i++) {
      int quick = client.open(false, "POST", "/svc/quick");
      client.data(quick, true, "x".repeat(10_000));
      assertThat(client.answer(quick).body()).isEqualTo("quick");
    }
    assertThat(client.reply(slow).over()).isFalse();
    client.reset(slow, Http2Error.CANCEL);
    goOn.countDown();
    client.sync();
  }

  @Test
  void aLargeUploadArrivesWhole() throws Exception {
    AtomicLong received = new AtomicLong();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              for (int i = 0; i < LARGE; i += PIECE) {
                received.addAndGet(wire.read(PIECE).length());
              }
              wire.send(ok("thanks"));
              wire.awaitEnd();
            }));
    UploadingClient client = new UploadingClient(edge.http2());

    Http2Reply reply = client.upload("/svc/a", LARGE, PIECE);

    assertThat(reply.body()).isEqualTo("thanks");
    assertThat(received).hasValue(LARGE);
    assertThat(edge.record(0).bytesIn()).isEqualTo(LARGE);
  }

  @Test
  void manyTransfersShareAConnection() throws Exception {
    int length = 512 * 1024;
    edge.route(sending(length));
    Http2Client client = edge.http2().keepsNothing();
    int[] streams = new int[20];

    for (int i = 0; i < streams.length; i++) {
      streams[i] = client.get("/svc/a");
    }

    for (int stream : streams) {
      Http2Reply reply = client.answer(stream);
      assertThat(reply.received()).isEqualTo(length);
      assertThat(reply.whole()).isTrue();
    }
  }

  @Test
  void aWindowThatShrinksBelowZeroOnlyWaits() throws Exception {
    edge.route(edge.answering(ok("x".repeat(200_000))));
    Http2Client client = edge.http2().holdsWindow();
    int stream = client.get("/svc/a");
    client.readUntil(() -> client.reply(stream).received() == WINDOW);

    client.settings(0x4, 1_000).windowUpdate(0, 1_000_000).windowUpdate(stream, 64_000).sync();
    assertThat(client.reply(stream).received()).isEqualTo(WINDOW);
    client.windowUpdate(stream, 1_000_000);

    assertThat(client.answer(stream).received()).isEqualTo(200_000);
  }

  /** Sends no more than it may. */
  private static final class UploadingClient {
    private final Http2Client client;

    UploadingClient(Http2Client client) {
      this.client = client;
    }

    Http2Reply upload(String path, long length, int piece) throws IOException {
      int stream = client.open(false, "PUT", path, "content-length: " + length);
      byte[] octets = new byte[piece];
      for (long left = length; left > 0; left -= piece) {
        client.readUntil(() -> client.mayDeliver(stream) >= piece);
        client.data(stream, left <= piece, octets);
      }
      return client.answer(stream);
    }
  }
}

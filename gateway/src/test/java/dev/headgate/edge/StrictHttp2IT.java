package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Hpack;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Frame;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client must not do to a connection, and what it may get away with. */
class StrictHttp2IT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream served(String body) {
    RawUpstream service = edge.answering(ok(body));
    edge.route(service);
    return service;
  }

  private Http2Client client() throws IOException {
    served("hello");
    return edge.http2();
  }

  /** More frames than are borne, in pieces, until the gateway takes no more. */
  private static void flood(Http2Client client, int frames, Http2Frame... frame)
      throws IOException {
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    for (int i = 0; i < frames; i++) {
      piece.writeBytes(frame[i % frame.length].encoded());
    }
    try {
      client.raw(piece.toByteArray());
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
    }
  }

  private static Http2Frame frame(int type, int flags, int stream, byte... payload) {
    return Http2Frame.of(type, flags, stream, payload);
  }

  private void assertToldToCalmDown(Http2Client client) throws IOException {
    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    client.awaitEnd();
  }

  // ---- streams that are no more

  @Test
  void headersAfterTheEndOfTheStreamEndTheConnection() throws Exception {
    Http2Client client = client();
    client.answer(client.get("/svc/a"));

    client.headers(1, true, ":method: GET", ":scheme: http", ":path: /svc/b", ":authority: g");

    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.STREAM_CLOSED);
    assertThat(client.reply(1).status()).isEqualTo(200);
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void anIdentifierThatWasPassedOverEndsTheConnection() throws Exception {
    Http2Client client = client();
    client.headers(5, true, ":method: GET", ":scheme: http", ":path: /local", ":authority: g");
    client.answer(5);

    client.headers(3, true, ":method: GET", ":scheme: http", ":path: /local", ":authority: g");

    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.PROTOCOL_ERROR);
  }

  @Test
  void whatCameBeforeTheOffenceIsStillAnswered() throws Exception {
    Http2Client client = client();
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    byte[] request =
        Hpack.literals(":method: GET", ":scheme: http", ":path: /local", ":authority: g");
    for (int stream : new int[] {1, 5, 3}) {
      together.writeBytes(
          frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS | Http2Frame.END_STREAM, stream, request)
              .encoded());
    }

    client.raw(together.toByteArray());

    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.PROTOCOL_ERROR);
    assertThat(client.reply(1).status()).isEqualTo(200);
    assertThat(client.reply(5).status()).isEqualTo(200);
  }

  @Test
  void framesThatTrickleInAreTheSame() throws Exception {
    Http2Client client = client();
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(
        frame(
                Http2Frame.HEADERS,
                Http2Frame.END_HEADERS,
                1,
                Hpack.literals(":method: POST", ":scheme: http", ":path: /svc/a", ":authority: g"))
            .encoded());
    both.writeBytes(frame(Http2Frame.DATA, Http2Frame.END_STREAM, 1, new byte[5]).encoded());

    for (byte octet : both.toByteArray()) {
      client.raw(new byte[] {octet});
    }

    assertThat(client.answer(1).body()).isEqualTo("hello");
  }

  // RFC 9113 section 5.1: what was on its way when the stream was reset here is no offence.
  @Test
  void contentOnItsWayToAResetStreamHurtsNobody() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              goOn.await();
              wire.send("HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n");
            }));
    Http2Client client = edge.http2();
    int other = client.open(false, "POST", "/svc/b", "content-length: 1000000");
    int stream = client.open(false, "POST", "/svc/a", "content-length: 1000000");
    goOn.countDown();
    assertThat(client.answer(stream).status()).isEqualTo(413);
    client.readUntil(() -> client.reply(stream).reset() != null);
    assertThat(client.reply(stream).reset()).isEqualTo(Http2Error.NO_ERROR);
    assertThat(client.answer(other).status()).isEqualTo(413);
    int resets = client.sync().resets();
    int window = client.mayDeliver(0);

    for (int i = 0; i < 2_000; i++) {
      client.data(stream, false, new byte[10]);
    }
    client.data(stream, true, new byte[0]);

    assertThat(client.sync().hasGoneAway()).isFalse();
    assertThat(client.resets()).isLessThanOrEqualTo(Math.max(resets, 2));
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
    // The connection's window is as large as it was.
    assertThat(client.mayDeliver(0)).isEqualTo(window);
  }

  @Test
  void contentOfARefusedStreamHurtsNobody() throws Exception {
    edge.route(edge.service(Wire::awaitEnd));
    Http2Client client = edge.http2();
    for (int i = 0; i < 100; i++) {
      client.open(false, "POST", "/svc/a");
    }

    int refused = client.open(false, "POST", "/svc/a");
    client.data(refused, false, "abc").data(refused, true, "def");

    assertThat(client.answer(refused).reset()).isEqualTo(Http2Error.REFUSED_STREAM);
    assertThat(client.sync().hasGoneAway()).isFalse();
    client.reset(1, Http2Error.CANCEL);
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
  }

  @Test
  void contentOfAMalformedRequestHurtsNobody() throws Exception {
    Http2Client client = client();
    int stream = client.open(false, "POST", "/svc/a", "X-Upper: 1");
    client.data(stream, false, "abc").data(stream, true, "def");

    assertThat(client.answer(stream).reset()).isEqualTo(Http2Error.PROTOCOL_ERROR);
    assertThat(client.sync().hasGoneAway()).isFalse();
  }

  @Test
  void moreThanCanBeOnItsWayIsAnswered() throws Exception {
    Http2Client client = client();
    int stream = client.open(false, "POST", "/svc/a", "X-Upper: 1");
    assertThat(client.answer(stream).reset()).isEqualTo(Http2Error.PROTOCOL_ERROR);

    byte[] piece = new byte[16_000];
    for (int i = 0; i < 5; i++) {
      client.data(stream, false, piece);
    }

    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.PROTOCOL_ERROR);
  }

  // ---- floods

  @Test
  void pings() throws Exception {
    Http2Client client = client();
    flood(client, 900, frame(Http2Frame.PING, 0, 0, new byte[8]));
    client.sync();
    assertThat(client.hasGoneAway()).isFalse();

    flood(client, 5_000, frame(Http2Frame.PING, 0, 0, new byte[8]));

    assertToldToCalmDown(client);
  }

  @Test
  void settings() throws Exception {
    Http2Client client = client();

    flood(client, 200, frame(Http2Frame.SETTINGS, 0, 0));

    assertToldToCalmDown(client);
  }

  @Test
  void priorities() throws Exception {
    Http2Client client = client();

    flood(
        client,
        5_000,
        frame(Http2Frame.PRIORITY, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 3, (byte) 1));

    assertToldToCalmDown(client);
  }

  @Test
  void framesOfTypesThatNobodyKnows() throws Exception {
    Http2Client client = client();

    flood(client, 5_000, frame(0x77, 0, 0, new byte[3]));

    assertToldToCalmDown(client);
  }

  @Test
  void windowUpdates() throws Exception {
    Http2Client client = client();

    flood(
        client,
        5_000,
        frame(Http2Frame.WINDOW_UPDATE, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1));

    assertToldToCalmDown(client);
  }

  @Test
  void emptyContent() throws Exception {
    edge.route(edge.service(Wire::awaitEnd));
    Http2Client client = edge.http2();
    int stream = client.open(false, "POST", "/svc/a");

    flood(client, 10, frame(Http2Frame.DATA, 0, stream));

    assertToldToCalmDown(client);
  }

  @Test
  void continuations() throws Exception {
    Http2Client client = client();
    client.frame(Http2Frame.HEADERS, 0, 1, Hpack.literals(":method: GET"));

    flood(client, 100, frame(Http2Frame.CONTINUATION, 0, 1, Hpack.literals("x: y")));

    assertToldToCalmDown(client);
  }

  @Test
  void rapidResets() throws Exception {
    edge.route(edge.service(Wire::awaitEnd), "retry: {max-attempts: 1}", "");
    Http2Client client = edge.http2();

    try {
      for (int i = 0; i < 1_000; i++) {
        client.reset(client.get("/svc/a"), Http2Error.CANCEL);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
    }

    assertToldToCalmDown(client);
    edge.awaitIdle();
    assertThat(edge.records().size()).isLessThan(300);
  }

  // Resets that the client makes the gateway send.
  @Test
  void provokedResets() throws Exception {
    Http2Client client = client();

    try {
      for (int i = 0; i < 1_000; i++) {
        client.windowUpdate(client.open(false, "POST", "/svc/a"), 0);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
    }

    assertToldToCalmDown(client);
    edge.awaitIdle();
  }

  @Test
  void aClientThatReadsNothingCannotPutTheCloseOff() throws Exception {
    served("hello");
    Http2Client client = Http2Client.over(edge.slowReadingClient());
    client.ping();

    flood(client, 200_000, frame(Http2Frame.PING, 0, 0, new byte[8]));

    EdgeFixture.await().until(() -> edge.drain().connections() == 0);
  }

  // ---- memory

  // The encoder says what it has chosen by the first octets of its next header section (RFC 7541
  // section 6.3): 0x3f 0xe1 0x1f is 4096.
  @Test
  void theHeaderTableIsNoLargerThanOurs() throws Exception {
    served("hello");
    Http2Client client = Http2Client.over(edge.client(), 0x1, Integer.MAX_VALUE);
    client.sync();
    client.get("/svc/a");

    Http2Frame next = client.readFrame();
    while (next.type() != Http2Frame.HEADERS) {
      next = client.readFrame();
    }

    byte[] larger = {0x3f, (byte) 0xe0, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07};
    assertThat(next.payload()).startsWith(larger);
    assertThat(Arrays.copyOfRange(next.payload(), larger.length, larger.length + 3))
        .containsExactly(0x3f, 0xe1, 0x1f);
  }
}

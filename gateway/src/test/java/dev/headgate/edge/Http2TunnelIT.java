package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Reply;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket over HTTP/2 streams (RFC 8441), to services that speak HTTP/1.1. */
class Http2TunnelIT {
  private static final String SWITCHED =
      """
      HTTP/1.1 101 Switching Protocols\r
      connection: upgrade\r
      upgrade: websocket\r
      sec-websocket-accept: %s\r
      sec-websocket-protocol: chat\r
      \r
      """;

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final LinkedBlockingQueue<Wire.End> serviceSaw = new LinkedBlockingQueue<>();

  private static int connect(Http2Client client, String protocol, String path) throws IOException {
    int stream = client.nextStream();
    client.headers(
        stream,
        false,
        ":method: CONNECT",
        ":protocol: " + protocol,
        ":scheme: http",
        ":path: " + path,
        ":authority: gateway",
        "sec-websocket-version: 13",
        "sec-websocket-protocol: chat");
    return stream;
  }

  // RFC 6455 section 4.2.2.
  private static String accepted(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void accept(Wire wire) throws IOException {
    Head head = wire.readHead();
    assertThat(head.startLine()).isEqualTo("GET /svc/ws HTTP/1.1");
    assertThat(head.field("upgrade")).isEqualTo("websocket");
    assertThat(head.field("connection")).isEqualToIgnoringCase("upgrade");
    assertThat(head.field("sec-websocket-protocol")).isEqualTo("chat");
    assertThat(head.fields()).noneMatch(line -> line.startsWith(":"));
    String key = Objects.requireNonNull(head.field("sec-websocket-key"));
    wire.send(SWITCHED.formatted(accepted(key)));
  }

  @Test
  void theServicesAgreementOpensTheStream() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              accept(wire);
              assertThat(wire.read(5)).isEqualTo("hello");
              wire.send("you too");
              assertThat(wire.read(3)).isEqualTo("bye");
              assertThat(wire.awaitEnd()).isEqualTo(Wire.End.CLOSED);
              serviceSaw.add(Wire.End.CLOSED);
            }));
    Http2Client client = edge.http2();

    int stream = connect(client, "websocket", "/svc/ws");
    Http2Reply reply = client.head(stream);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.field("sec-websocket-protocol")).isEqualTo("chat");
    assertThat(reply.names())
        .doesNotContain("sec-websocket-accept", "upgrade", "connection", "content-length");
    client.data(stream, false, "hello");
    client.readUntil(() -> reply.body().equals("you too"));
    client.data(stream, true, "bye");

    assertThat(serviceSaw.poll(10, TimeUnit.SECONDS)).isEqualTo(Wire.End.CLOSED);
    client.answer(stream);
    edge.awaitIdle();
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
  }

  @Test
  void theServicesEndEndsTheStream() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              accept(wire);
              wire.send("bye");
            }));
    Http2Client client = edge.http2();

    int stream = connect(client, "websocket", "/svc/ws");
    Http2Reply reply = client.answer(stream);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("bye");
    assertThat(reply.whole()).isTrue();
    // A client that does not end its side is not waited for.
    client.readUntil(() -> reply.reset() != null);
    assertThat(reply.reset()).isEqualTo(Http2Error.NO_ERROR);
  }

  @Test
  void theClientsResetEndsTheServicesConnection() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              accept(wire);
              serviceSaw.add(wire.awaitEnd());
            }));
    Http2Client client = edge.http2();
    int stream = connect(client, "websocket", "/svc/ws");
    client.head(stream);

    client.reset(stream, Http2Error.CANCEL);

    assertThat(serviceSaw.poll(10, TimeUnit.SECONDS)).isNotNull();
    edge.awaitIdle();
  }

  @Test
  void theServicesRefusalIsTheAnswer() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
              wire.awaitEnd();
            }));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(connect(client, "websocket", "/svc/ws"));

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.body()).isEqualTo("no");
  }

  // Any 2xx would tell the client that the stream is open (RFC 8441 section 5).
  @ParameterizedTest
  @ValueSource(strings = {"/svc/ws", "/local"})
  void anOrdinaryAnswerIsNoAgreement(String path) throws Exception {
    edge.route(edge.answering(ok("an ordinary page")));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(connect(client, "websocket", path));

    assertThat(reply.status()).isBetween(400, 599);
    assertThat(reply.body()).doesNotContain("ordinary").doesNotContain("local");
  }

  @ParameterizedTest
  @ValueSource(strings = {"connect-udp", "h2c", "websocket2"})
  void otherProtocolsAreRefused(String protocol) throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Http2Client client = edge.http2();

    assertThat(client.answer(connect(client, protocol, "/svc/ws")).status()).isEqualTo(501);

    assertThat(service.accepted()).isZero();
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Hpack;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Frame;
import dev.headgate.testing.Http2Reply;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Malformed requests (RFC 9113 sections 8.1.1 to 8.3.1): the stream is reset, the service sees
 * nothing of it, and the connection goes on.
 */
class Http2MalformedIT {
  private static final String METHOD = ":method: GET";
  private static final String SCHEME = ":scheme: http";
  private static final String PATH = ":path: /svc/a";
  private static final String AUTHORITY = ":authority: gateway";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private static Arguments with(String what, String... fields) {
    String[] all = new String[4 + fields.length];
    all[0] = METHOD;
    all[1] = SCHEME;
    all[2] = PATH;
    all[3] = AUTHORITY;
    System.arraycopy(fields, 0, all, 4, fields.length);
    return Arguments.of(what, all);
  }

  private static Arguments of(String what, String... fields) {
    return Arguments.of(what, fields);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        // 8.2.1
        with("upper case in a name", "X-Upper: 1"),
        with("one upper-case letter", "x-uPper: 1"),
        with("a space in a name", "x y: 1"),
        with("a space after a name", "x-a : 1"),
        with("a colon in a name", "x:a: 1"),
        with("a control in a name", "x\u0001a: 1"),
        with("DEL in a name", "x\u007fa: 1"),
        with("an octet above ASCII in a name", "x\u00e9: 1"),
        with("a line end in a name", "x\r\ny: 1"),
        with("NUL in a value", "x-a: b\u0000c"),
        with("LF in a value", "x-a: b\nx-c: d"),
        with("CR in a value", "x-a: b\rc"),
        with("CR LF in a value", "x-a: b\r\nx-smuggled: 1"),
        with("a space before a value", "x-a:  b"),
        with("a space after a value", "x-a: b "),
        with("a tab before a value", "x-a: \tb"),
        with("a tab after a value", "x-a: b\t"),
        // 8.2.2
        with("connection", "connection: close"),
        with("connection that names a field", "connection: x-a", "x-a: 1"),
        with("keep-alive", "keep-alive: timeout=5"),
        with("proxy-connection", "proxy-connection: keep-alive"),
        with("transfer-encoding", "transfer-encoding: chunked"),
        with("transfer-encoding identity", "transfer-encoding: identity"),
        with("upgrade", "upgrade: h2c"),
        with("upgrade to websocket by the old way", "upgrade: websocket"),
        with("te with more than trailers", "te: trailers, deflate"),
        with("te without trailers", "te: gzip"),
        // 8.3
        with("a pseudo-header field after a regular one", "x-a: 1", ":path: /svc/b"),
        of("a regular field first", "x-a: 1", METHOD, SCHEME, PATH, AUTHORITY),
        with("a pseudo-header field that nobody knows", ":unknown: 1"),
        with("a pseudo-header field of responses", ":status: 200"),
        of("nothing but :status", ":status: 200"),
        // 8.3.1
        of("no :method", SCHEME, PATH, AUTHORITY),
        of("no :scheme", METHOD, PATH, AUTHORITY),
        of("no :path", METHOD, SCHEME, AUTHORITY),
        of("an empty :path", METHOD, SCHEME, ":path: ", AUTHORITY),
        of("an empty :method", ":method: ", SCHEME, PATH, AUTHORITY),
        of("an empty :authority", METHOD, SCHEME, PATH, ":authority: "),
        of("two :method", METHOD, METHOD, SCHEME, PATH, AUTHORITY),
        of("two :scheme", METHOD, SCHEME, SCHEME, PATH, AUTHORITY),
        of("two :path", METHOD, SCHEME, PATH, PATH, AUTHORITY),
        of("two :authority", METHOD, SCHEME, PATH, AUTHORITY, AUTHORITY),
        of("a space in :method", ":method: GET /x", SCHEME, PATH, AUTHORITY),
        of("a line end in :method", ":method: GET\r\n", SCHEME, PATH, AUTHORITY),
        of("a space in :path", METHOD, SCHEME, ":path: /svc/a b", AUTHORITY),
        of("a line end in :path", METHOD, SCHEME, ":path: /svc/a\r\nx: y", AUTHORITY),
        of("NUL in :path", METHOD, SCHEME, ":path: /svc/a\u0000", AUTHORITY),
        of("an octet above ASCII in :path", METHOD, SCHEME, ":path: /svc/\u00e9", AUTHORITY),
        of("a :path without a slash", METHOD, SCHEME, ":path: svc/a", AUTHORITY),
        of("an absolute :path", METHOD, SCHEME, ":path: http://other/svc/a", AUTHORITY),
        of("a :scheme of another protocol", METHOD, ":scheme: ftp", PATH, AUTHORITY),
        with("a host that differs", "host: other"),
        with("two hosts", "host: gateway", "host: gateway"),
        with("a port in host alone", "host: gateway:81"),
        // 8.5 and RFC 8441 section 4
        with(":protocol without CONNECT", ":protocol: websocket"),
        of("CONNECT with :path", ":method: CONNECT", AUTHORITY, PATH),
        of("CONNECT with :scheme", ":method: CONNECT", AUTHORITY, SCHEME),
        of("CONNECT without :authority", ":method: CONNECT"),
        of(
            "an extended CONNECT without :path",
            ":method: CONNECT",
            ":protocol: websocket",
            SCHEME,
            AUTHORITY),
        // 8.1.1
        with("a length that is no number", "content-length: five"),
        with("a negative length", "content-length: -1"),
        with("a signed length", "content-length: +1"),
        with("an empty length", "content-length: "),
        with("two lengths", "content-length: 0", "content-length: 1"),
        with("a list of lengths", "content-length: 0, 1"),
        with("a length beyond all numbers", "content-length: 99999999999999999999"),
        with("a length without content", "content-length: 1"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void isReset(String what, String[] fields) throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Http2Client client = edge.http2();
    int stream = client.nextStream();

    client.headers(stream, true, fields);

    Http2Reply reply = client.answer(stream);
    assertThat(reply.reset()).as(what).isEqualTo(Http2Error.PROTOCOL_ERROR);
    assertThat(reply.status()).isEqualTo(-1);
    assertThat(service.accepted()).isZero();
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
    assertThat(client.hasGoneAway()).isFalse();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        of("no authority at all", METHOD, SCHEME, PATH),
        of("userinfo", METHOD, SCHEME, PATH, ":authority: user@gateway"),
        of("a list for authority", METHOD, SCHEME, PATH, ":authority: a,b"),
        of("two hosts without :authority", METHOD, SCHEME, PATH, "host: a", "host: a"),
        of("a slash in authority", METHOD, SCHEME, PATH, ":authority: a/b"),
        of("a quote in authority", METHOD, SCHEME, PATH, ":authority: a\"b"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void isRefusedAsInHttp1(String what, String[] fields) throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Http2Client client = edge.http2();
    int stream = client.nextStream();

    client.headers(stream, true, fields);

    assertThat(client.answer(stream).status()).as(what).isEqualTo(400);
    assertThat(service.accepted()).isZero();
  }

  @Test
  void anEmptyNameIsReset() throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Http2Client client = edge.http2();
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(Hpack.literals(METHOD, SCHEME, PATH, AUTHORITY));
    block.writeBytes(Hpack.literal("", "value"));

    client.frame(
        Http2Frame.HEADERS,
        Http2Frame.END_HEADERS | Http2Frame.END_STREAM,
        client.nextStream(),
        block.toByteArray());

    assertThat(client.answer(1).reset()).isEqualTo(Http2Error.PROTOCOL_ERROR);
    assertThat(service.accepted()).isZero();
  }

  /** What may come after a sound head, and must end the exchange with the service. */
  private enum Bad {
    TOO_LONG,
    TOO_SHORT,
    TOO_SHORT_BEFORE_TRAILERS,
    TRAILERS_WITH_PSEUDO_HEADERS,
    TRAILERS_WITH_UPPER_CASE,
    TRAILERS_OF_A_CONNECTION,
    TRAILERS_WITH_A_LINE_END,
    HEADERS_THAT_DO_NOT_END;

    void send(Http2Client client, int stream) throws Exception {
      switch (this) {
        case TOO_LONG -> client.data(stream, true, "123456789");
        case TOO_SHORT -> client.data(stream, true, "1");
        case TOO_SHORT_BEFORE_TRAILERS -> client.headers(stream, true, "x-a: 1");
        case TRAILERS_WITH_PSEUDO_HEADERS ->
            client.data(stream, false, "12345").headers(stream, true, ":path: /");
        case TRAILERS_WITH_UPPER_CASE ->
            client.data(stream, false, "12345").headers(stream, true, "X-A: 1");
        case TRAILERS_OF_A_CONNECTION ->
            client.data(stream, false, "12345").headers(stream, true, "connection: x");
        case TRAILERS_WITH_A_LINE_END ->
            client.data(stream, false, "12345").headers(stream, true, "x-a: b\r\n0");
        case HEADERS_THAT_DO_NOT_END ->
            client.data(stream, false, "12345").headers(stream, false, "x-a: 1");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyGoneWrongCutsTheServiceOff(Bad bad) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    LinkedBlockingQueue<Wire.End> ended = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              assertThat(wire.read(5)).isEqualTo("start");
              reached.countDown();
              ended.add(wire.awaitEnd());
            }));
    Http2Client client = edge.http2();
    int stream = client.open(false, "POST", "/svc/a", "content-length: 10");
    client.data(stream, false, "start");
    reached.await();

    bad.send(client, stream);

    assertThat(client.answer(stream).reset()).isEqualTo(Http2Error.PROTOCOL_ERROR);
    assertThat(client.reply(stream).status()).isEqualTo(-1);
    assertThat(ended.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(edge.record(0).flags()).isNotEmpty();
    edge.awaitIdle();
    assertThat(edge.pool().open()).isZero();
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
  }

  @Test
  void aChunkedBodyGoneWrongNeverLooksWhole() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    LinkedBlockingQueue<String> rest = new LinkedBlockingQueue<>();
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              assertThat(wire.readChunk()).isEqualTo("start");
              reached.countDown();
              try {
                rest.add(wire.readToEnd());
              } catch (IOException e) {
                rest.add("");
              }
            }));
    Http2Client client = edge.http2();
    int stream = client.open(false, "POST", "/svc/a");
    client.data(stream, false, "start");
    reached.await();

    client.headers(stream, true, "X-Upper: 1");

    assertThat(client.answer(stream).reset()).isEqualTo(Http2Error.PROTOCOL_ERROR);
    assertThat(rest.poll(10, TimeUnit.SECONDS)).doesNotContain("0\r\n");
  }
}

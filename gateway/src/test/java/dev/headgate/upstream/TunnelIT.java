package dev.headgate.upstream;

import static dev.headgate.upstream.UpstreamFixture.await;
import static dev.headgate.upstream.UpstreamFixture.onLoop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.testing.Bytes;
import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Wire;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades: the handshake with the service, and the bytes both ways after it. */
@Timeout(60)
class TunnelIT {
  // RFC 6455 section 1.3.
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n";
  private static final String SWITCHED = SWITCHING + "sec-websocket-accept: " + ACCEPT + "\r\n\r\n";

  @RegisterExtension final UpstreamFixture upstream = new UpstreamFixture();

  private final AtomicInteger asked = new AtomicInteger();
  private final StreamedBody client =
      new StreamedBody(
          -1,
          new StreamedBody.Source() {
            @Override
            public void readMore() {
              asked.incrementAndGet();
            }

            @Override
            public void bodyCancelled() {
              asked.set(-1);
            }
          });
  private final Bytes received = new Bytes();

  private GatewayExchange handshake(HttpHeaders headers) {
    GatewayExchange exchange = UpstreamFixture.exchange("/chat", headers, client);
    exchange.upgrade("websocket");
    return exchange;
  }

  private static HttpHeaders ofHttp1() {
    return new DefaultHttpHeaders()
        .set("sec-websocket-key", KEY)
        .set("sec-websocket-version", "13")
        .set("sec-websocket-protocol", "chat");
  }

  private GatewayResponse switched(RawUpstream service, GatewayExchange exchange) throws Exception {
    return switched(service, exchange, "");
  }

  private GatewayResponse switched(RawUpstream service, GatewayExchange exchange, String keys)
      throws Exception {
    Upstream to =
        upstream.upstream("http://127.0.0.1:" + service.port(), "connect-timeout: 5s" + keys);
    GatewayResponse response = upstream.call(to, exchange).get(20, TimeUnit.SECONDS);
    assertThat(response.status().code()).isEqualTo(101);
    onLoop(
        () -> {
          response.body().subscribe(received);
          received.request(1000);
        });
    return response;
  }

  private void clientSends(String text) throws Exception {
    onLoop(() -> client.offer(Bytes.of(text)));
  }

  private void clientEnds() throws Exception {
    onLoop(() -> client.complete(EmptyHttpHeaders.INSTANCE));
  }

  private String text() throws Exception {
    StringBuilder all = new StringBuilder();
    onLoop(() -> received.pieces().forEach(all::append));
    return all.toString();
  }

  private RawUpstream echo() {
    return upstream.service(
        wire -> {
          wire.readHead();
          wire.send(SWITCHED);
          while (true) {
            wire.send(wire.read(1));
          }
        });
  }

  @Test
  void theHandshakePassesAndTheBytesAfterIt() throws Exception {
    LinkedBlockingQueue<Head> heads = new LinkedBlockingQueue<>();
    RawUpstream service =
        upstream.service(
            wire -> {
              heads.add(wire.readHead());
              wire.send(SWITCHED);
              wire.send(wire.read(5).toUpperCase(java.util.Locale.ROOT));
              wire.awaitEnd();
            });

    GatewayResponse response = switched(service, handshake(ofHttp1()));
    clientSends("hello");

    await().until(() -> text().equals("HELLO"));
    assertThat(response.headers().get("sec-websocket-accept")).isEqualTo(ACCEPT);
    Head head = heads.take();
    assertThat(head.startLine()).isEqualTo("GET /chat HTTP/1.1");
    assertThat(head.field("connection")).isEqualToIgnoringCase("upgrade");
    assertThat(head.field("upgrade")).isEqualTo("websocket");
    assertThat(head.field("sec-websocket-key")).isEqualTo(KEY);
    assertThat(head.field("sec-websocket-protocol")).isEqualTo("chat");
    assertThat(head.field("content-length")).isNull();
    clientEnds();
    await().until(received::completed);
  }

  @Test
  void whatComesWithTheHeadIsNotLost() throws Exception {
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readHead();
              wire.send(SWITCHED + "at once");
            });

    switched(service, handshake(ofHttp1()));

    await().until(() -> text().equals("at once"));
    await().until(received::completed);
    clientEnds();
  }

  @Test
  void eachDirectionEndsByItself() throws Exception {
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readHead();
              wire.send(SWITCHED);
              heard.add(wire.readToEnd());
              wire.send("after your end");
            });

    switched(service, handshake(ofHttp1()));
    clientSends("bye");
    clientEnds();

    assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("bye");
    await().until(received::completed);
    assertThat(text()).isEqualTo("after your end");
    await().until(() -> upstream.pool().open() == 0);
  }

  @Test
  void theServicesEndLeavesTheOtherDirectionOpen() throws Exception {
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readHead();
              wire.send(SWITCHED + "last words");
              wire.finish();
              heard.add(wire.readToEnd());
            });

    switched(service, handshake(ofHttp1()));
    await().until(received::completed);
    clientSends("still here");
    clientEnds();

    assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("still here");
    assertThat(text()).isEqualTo("last words");
  }

  @Test
  void aServicesResetIsAnError() throws Exception {
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readHead();
              wire.send(SWITCHED);
              wire.read(1);
              wire.reset();
            });

    switched(service, handshake(ofHttp1()));
    clientSends("x");

    await().until(() -> received.error() != null);
    assertThat(received.error())
        .hasFieldOrPropertyWithValue("reason", FailureReason.UPSTREAM_RESET);
    assertThat(asked.get()).isEqualTo(-1);
  }

  @Test
  void aClientThatIsCutOffResetsTheService() throws Exception {
    LinkedBlockingQueue<Wire.End> ends = new LinkedBlockingQueue<>();
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readHead();
              wire.send(SWITCHED);
              ends.add(wire.awaitEnd());
            });
    switched(service, handshake(ofHttp1()));

    onLoop(received::cancel);

    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(Wire.End.RESET);
    await().until(() -> upstream.pool().open() == 0);
  }

  @Test
  void silenceInBothDirectionsEndsIt() throws Exception {
    GatewayExchange exchange = handshake(ofHttp1());
    exchange.idle(Duration.ofMillis(200));

    switched(echo(), exchange);

    await().until(() -> received.error() != null);
    assertThat(received.error())
        .hasFieldOrPropertyWithValue("reason", FailureReason.UPSTREAM_IDLE_TIMEOUT);
  }

  @Test
  void oneDirectionKeepsBothAlive() throws Exception {
    CountDownLatch spoken = new CountDownLatch(1);
    GatewayExchange exchange = handshake(ofHttp1());
    exchange.idle(Duration.ofMillis(400));
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readHead();
              wire.send(SWITCHED);
              for (int i = 0; i < 20; i++) {
                wire.silentFor(50);
                wire.send("x");
              }
              spoken.countDown();
              wire.awaitEnd();
            });

    switched(service, exchange);
    assertThat(spoken.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(received.error()).isNull();
    await().until(() -> text().length() == 20);
    clientEnds();
    await().until(received::completed);
  }

  @Test
  void aServiceThatDoesNotReadHoldsTheClientBack() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    RawUpstream service =
        upstream.service(
            RawUpstream.running(
                8 * 1024,
                wire -> {
                  wire.readHead();
                  wire.send(SWITCHED);
                  read.await();
                  wire.send(Integer.toString(wire.readToEnd().length()));
                }));
    switched(service, handshake(ofHttp1()));
    String block = "x".repeat(64 * 1024);
    int sent = 0;
    int before = -1;
    // As the client's connection does, it gives only what it is asked for.
    while (asked.get() != before) {
      before = asked.get();
      clientSends(block);
      sent += block.length();
      await().pollDelay(Duration.ofMillis(30)).until(() -> true);
    }
    assertThat(sent).isLessThan(16 * 1024 * 1024);

    read.countDown();
    clientEnds();

    await().until(received::completed);
    assertThat(text()).isEqualTo(Integer.toString(sent));
  }

  @Test
  void aClientOfHttp2GetsAKeyForTheServiceOfHttp1() throws Exception {
    LinkedBlockingQueue<Head> heads = new LinkedBlockingQueue<>();
    RawUpstream service =
        upstream.service(
            wire -> {
              Head head = wire.readHead();
              heads.add(head);
              wire.send(
                  SWITCHING
                      + "sec-websocket-accept: "
                      + WebSocketHandshake.accept(String.valueOf(head.field("sec-websocket-key")))
                      + "\r\n\r\n");
              wire.awaitEnd();
            });

    GatewayResponse response = switched(service, handshake(new DefaultHttpHeaders()));

    assertThat(response.headers().get("sec-websocket-accept")).isNull();
    Head head = heads.take();
    assertThat(head.field("sec-websocket-version")).isEqualTo("13");
    assertThat(head.field("sec-websocket-key")).hasSize(24);
    clientEnds();
    await().until(received::completed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: wrong\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
      })
  void anAgreementToAnythingElseIsNone(String answer) {
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readHead();
              wire.send(answer);
              wire.awaitEnd();
            });
    Upstream to = upstream.upstream("http://127.0.0.1:" + service.port(), "connect-timeout: 5s");

    assertThatThrownBy(
            () -> upstream.call(to, handshake(new DefaultHttpHeaders())).get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasFieldOrPropertyWithValue("reason", FailureReason.UPSTREAM_PROTOCOL_ERROR);
    assertThat(asked.get()).isZero();
  }

  @Test
  void anOrdinaryAnswerStaysOneAndTheConnectionIsKept() throws Exception {
    RawUpstream service =
        upstream.service(
            RawUpstream.answering("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno"));
    Upstream to = upstream.upstream("http://127.0.0.1:" + service.port(), "connect-timeout: 5s");

    GatewayResponse response = upstream.call(to, handshake(ofHttp1())).get(20, TimeUnit.SECONDS);

    assertThat(response.status().code()).isEqualTo(403);
    onLoop(response::discard);
    assertThat(asked.get()).isZero();
  }

  // ---- RFC 8441

  private RawUpstream http2(Http2Script script, int... settings) {
    return upstream.service(wire -> script.run(Http2Wire.accept(wire, settings)));
  }

  private interface Http2Script {
    void run(Http2Wire wire) throws Exception;
  }

  @Test
  void http2TunnelsByExtendedConnect() throws Exception {
    LinkedBlockingQueue<Http2Wire.Request> requests = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    RawUpstream service =
        http2(
            wire -> {
              Http2Wire.Request request = wire.readRequest();
              requests.add(request);
              wire.headers(request.stream(), false, ":status: 200", "sec-websocket-protocol: chat");
              wire.data(request.stream(), "welcome", false);
              heard.add(wire.readBody(request.stream()));
              wire.data(request.stream(), " and bye", true);
              wire.wire().awaitEnd();
            },
            Http2Wire.ENABLE_CONNECT_PROTOCOL,
            1);

    GatewayResponse response = switched(service, handshake(ofHttp1()), ", protocol: h2c");
    await().until(() -> text().equals("welcome"));
    clientSends("hello");
    clientEnds();

    assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
    await().until(received::completed);
    assertThat(text()).isEqualTo("welcome and bye");
    assertThat(response.headers().get("sec-websocket-accept")).isEqualTo(ACCEPT);
    Http2Wire.Request request = requests.take();
    assertThat(request.whole()).isFalse();
    assertThat(request.head().fields())
        .contains(
            ":method: CONNECT",
            ":protocol: websocket",
            ":scheme: http",
            ":path: /chat",
            "sec-websocket-version: 13",
            "sec-websocket-protocol: chat")
        .noneMatch(field -> field.matches("(sec-websocket-key|upgrade|connection|host).*"));
    await().until(() -> upstream.pool().idle() == 1);
  }

  @ParameterizedTest
  @CsvSource({"403", "404"})
  void http2MayDecline(String status) throws Exception {
    RawUpstream service =
        http2(
            wire -> {
              wire.headers(wire.readRequest().stream(), true, ":status: " + status);
              wire.wire().awaitEnd();
            },
            Http2Wire.ENABLE_CONNECT_PROTOCOL,
            1);
    Upstream to =
        upstream.upstream(
            "http://127.0.0.1:" + service.port(), "connect-timeout: 5s, protocol: h2c");

    GatewayResponse response = upstream.call(to, handshake(ofHttp1())).get(20, TimeUnit.SECONDS);

    assertThat(response.status().code()).isEqualTo(Integer.parseInt(status));
    onLoop(response::discard);
  }

  @Test
  void aServiceThatDidNotAnnounceItIsNotAsked() {
    RawUpstream service = http2(wire -> wire.wire().awaitEnd());
    Upstream to =
        upstream.upstream(
            "http://127.0.0.1:" + service.port(), "connect-timeout: 5s, protocol: h2c");

    assertThatThrownBy(() -> upstream.call(to, handshake(ofHttp1())).get(20, TimeUnit.SECONDS))
        .cause()
        .hasFieldOrPropertyWithValue("reason", FailureReason.UPSTREAM_UPGRADE_UNSUPPORTED);
  }

  @Test
  void aStreamsResetIsAnErrorOfTheTunnel() throws Exception {
    RawUpstream service =
        http2(
            wire -> {
              int stream = wire.readRequest().stream();
              wire.headers(stream, false, ":status: 200");
              wire.await(Http2Wire.DATA);
              wire.reset(stream, 8);
              wire.wire().awaitEnd();
            },
            Http2Wire.ENABLE_CONNECT_PROTOCOL,
            1);

    switched(service, handshake(ofHttp1()), ", protocol: h2c");
    clientSends("x");

    await().until(() -> received.error() != null);
    assertThat(received.error())
        .hasFieldOrPropertyWithValue("reason", FailureReason.UPSTREAM_RESET);
  }
}

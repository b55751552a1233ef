package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.telemetry.AccessRecord;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Reply;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 streams that end early, by either side, at every stage of an exchange. */
class Http2AbortIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final CountDownLatch reached = new CountDownLatch(1);
  private final LinkedBlockingQueue<Wire.End> serviceSaw = new LinkedBlockingQueue<>();

  /** How a client's stream goes. */
  enum Going {
    STREAM_RESET {
      @Override
      void leave(Http2Client client, int stream) throws IOException {
        client.reset(stream, Http2Error.CANCEL);
      }
    },
    CONNECTION_CLOSED {
      @Override
      void leave(Http2Client client, int stream) {
        client.close();
      }
    },
    CONNECTION_RESET {
      @Override
      void leave(Http2Client client, int stream) throws IOException {
        client.cut();
      }
    };

    abstract void leave(Http2Client client, int stream) throws IOException;
  }

  private void assertServiceWasLetGo() throws InterruptedException {
    assertThat(serviceSaw.poll(10, TimeUnit.SECONDS)).isNotNull();
    edge.awaitIdle();
    assertThat(edge.pool().open()).isZero();
  }

  private void assertAborted(int status) {
    AccessRecord line = edge.record(0);
    assertThat(line.status()).isEqualTo(status);
    assertThat(line.flags()).contains("CLIENT_ABORTED");
    assertThat(edge.records()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void beforeTheServicesHead(Going going) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              reached.countDown();
              serviceSaw.add(wire.awaitEnd());
            }));
    Http2Client client = edge.http2();
    int stream = client.get("/svc/a");
    reached.await();

    going.leave(client, stream);

    assertServiceWasLetGo();
    assertAborted(499);
  }

  @ParameterizedTest
  @EnumSource
  void inTheMiddleOfTheBody(Going going) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              wire.sendChunk("one");
              serviceSaw.add(wire.awaitEnd());
            }));
    Http2Client client = edge.http2();
    int stream = client.get("/svc/a");
    client.readUntil(() -> client.reply(stream).body().equals("one"));

    going.leave(client, stream);

    assertServiceWasLetGo();
    assertAborted(200);
  }

  @ParameterizedTest
  @EnumSource
  void whileTheServiceSendsAllItCan(Going going) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n");
              try {
                while (true) {
                  wire.send(new byte[64 * 1024]);
                }
              } catch (IOException e) {
                serviceSaw.add(Wire.End.RESET);
              }
            }));
    Http2Client client = edge.http2().holdsWindow();
    int stream = client.get("/svc/a");
    client.readUntil(() -> client.reply(stream).received() == 65_535);

    going.leave(client, stream);

    assertServiceWasLetGo();
    assertAborted(200);
  }

  @ParameterizedTest
  @EnumSource
  void afterTheAnswerIsNoAbort(Going going) throws Exception {
    edge.route(edge.answering(ok("hello")));
    Http2Client client = edge.http2();
    int stream = client.get("/svc/a");
    client.answer(stream);

    going.leave(client, stream);

    assertThat(edge.record(0).flags()).isEmpty();
    await().until(() -> edge.pool().idle() == 1);
  }

  @ParameterizedTest
  @EnumSource
  void inTheMiddleOfAnUpload(Going going) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              assertThat(wire.read(5)).isEqualTo("start");
              reached.countDown();
              serviceSaw.add(wire.awaitEnd());
            }));
    Http2Client client = edge.http2();
    int stream = client.open(false, "POST", "/svc/a", "content-length: 100");
    client.data(stream, false, "start");
    reached.await();

    going.leave(client, stream);

    assertServiceWasLetGo();
    assertAborted(499);
  }

  @ParameterizedTest
  @EnumSource
  void withContentThatNobodyReads(Going going) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    edge.route(
        edge.slowReadingService(
            wire -> {
              wire.readHead();
              reached.countDown();
              done.await();
              serviceSaw.add(wire.awaitEnd());
            }),
        "retry: {max-attempts: 1}, timeout: {total: none}",
        "");
    Http2Client client = edge.http2();
    int stream = client.open(false, "POST", "/svc/a");
    reached.await();
    byte[] piece = new byte[16_000];
    for (int i = 0; i < 4; i++) {
      client.data(stream, false, piece);
    }
    client.sync();

    going.leave(client, stream);

    assertAborted(499);
    done.countDown();
    assertServiceWasLetGo();
  }

  @ParameterizedTest
  @EnumSource
  void whileSpringAnswers(Going going) throws Exception {
    edge.route(edge.answering(ok("never")));
    Http2Client client = edge.http2();
    int stream = client.get("/spring/slow");
    await().until(() -> edge.drain().inFlight() == 1);

    going.leave(client, stream);

    assertAborted(499);
  }

  @Test
  void otherStreamsGoOn() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              goOn.await();
              wire.send(ok("hello"));
              wire.awaitEnd();
            });
    edge.route(service);
    Http2Client client = edge.http2();
    int stays = client.get("/svc/a");
    int goes = client.get("/svc/b");
    await().until(() -> service.accepted() == 2);

    client.reset(goes, Http2Error.CANCEL);
    await().until(() -> edge.records().size() == 1);
    goOn.countDown();

    assertThat(client.answer(stays).body()).isEqualTo("hello");
    assertThat(edge.record(0).flags()).contains("CLIENT_ABORTED");
    assertThat(edge.record(1).flags()).isEmpty();
  }

  @Test
  void aConnectionCutWithManyStreamsLeavesNothing() throws Exception {
    int uploads = 40;
    CountDownLatch all = new CountDownLatch(uploads);
    CountDownLatch done = new CountDownLatch(1);
    edge.route(
        edge.slowReadingService(
            wire -> {
              wire.readHead();
              all.countDown();
              done.await();
            }),
        "retry: {max-attempts: 1}, timeout: {total: none}",
        "");
    Http2Client client = edge.http2();
    for (int i = 0; i < uploads; i++) {
      int stream = client.open(false, "POST", "/svc/a");
      client.data(stream, false, new byte[16_000]).data(stream, false, new byte[4_000]);
      client.get("/spring/slow");
    }
    all.await();
    client.sync();

    client.cut();

    edge.awaitIdle();
    assertThat(edge.records()).hasSize(2 * uploads);
    assertThat(edge.records()).allMatch(line -> line.flags().contains("CLIENT_ABORTED"));
    done.countDown();
  }

  @Test
  void aServiceThatFailsInTheBodyNeverLooksWhole() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello");
            }));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.get("/svc/a"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.whole()).isFalse();
    assertThat(reply.reset()).isEqualTo(Http2Error.INTERNAL_ERROR);
    assertThat(edge.record(0).flags()).contains("UPSTREAM_PREMATURE_END");
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
  }

  @Test
  void aBrokenChunkNeverLooksWhole() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              wire.sendChunk("hello");
              goOn.await();
              wire.send("zz\r\n");
              wire.awaitEnd();
            }));
    Http2Client client = edge.http2();
    int stream = client.get("/svc/a");
    client.readUntil(() -> client.reply(stream).body().equals("hello"));

    goOn.countDown();

    Http2Reply reply = client.answer(stream);
    assertThat(reply.whole()).isFalse();
    assertThat(reply.reset()).isEqualTo(Http2Error.INTERNAL_ERROR);
  }

  @Test
  void aStalledServiceIsCutOff() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello");
              wire.awaitEnd();
            }),
        "retry: {max-attempts: 1}, timeout: {idle: 300ms}",
        "");
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.get("/svc/a"));

    assertThat(reply.reset()).isEqualTo(Http2Error.INTERNAL_ERROR);
    assertThat(edge.record(0).flags()).contains("UPSTREAM_IDLE_TIMEOUT");
  }

  @Test
  void aClientThatTakesNothingIsLetGo() throws Exception {
    edge.route(
        edge.answering(ok("x".repeat(200_000))),
        "retry: {max-attempts: 1}, timeout: {idle: 300ms}",
        "");
    Http2Client client = edge.http2().holdsWindow();

    Http2Reply reply = client.answer(client.get("/svc/a"));

    assertThat(reply.reset()).isEqualTo(Http2Error.INTERNAL_ERROR);
    assertThat(reply.received()).isEqualTo(65_535);
    assertThat(client.answer(client.open(true, "HEAD", "/local")).status()).isEqualTo(200);
  }
}

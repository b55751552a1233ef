package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Hpack;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Reply;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client's HTTP/2 connection: its streams side by side, and how it ends. */
class Http2ConnectionIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final CountDownLatch goOn = new CountDownLatch(1);

  private RawUpstream waiting() {
    return edge.service(
        wire -> {
          while (true) {
            wire.readRequest();
            goOn.await();
            wire.send(ok("hello"));
          }
        });
  }

  @Test
  void saysWhatItTakes() throws Exception {
    edge.route(edge.answering(ok("hello")));

    Http2Client client = edge.http2().sync();

    assertThat(client.settings())
        .containsEntry(0x3, 100L)
        .containsEntry(0x6, 32_768L)
        .containsEntry(0x8, 1L);
  }

  @Test
  void aThousandRequestsOneAfterTheOther() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Http2Client client = edge.http2();
    Set<String> ids = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      Http2Reply reply = client.answer(client.get("/svc/" + i));
      assertThat(reply.body()).isEqualTo("hello");
      ids.add(reply.field("x-request-id"));
    }

    assertThat(ids).hasSize(1_000);
    assertThat(edge.pool().open()).isEqualTo(1);
    assertThat(client.hasGoneAway()).isFalse();
  }

  @Test
  void aHundredAtOnceAndNoMore() throws Exception {
    edge.route(waiting());
    Http2Client client = edge.http2();
    List<Integer> streams = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      streams.add(client.get("/svc/" + i));
    }

    int oneTooMany = client.get("/svc/more");
    assertThat(client.answer(oneTooMany).reset()).isEqualTo(Http2Error.REFUSED_STREAM);
    await().until(() -> edge.drain().inFlight() == 100);
    goOn.countDown();

    for (int stream : streams) {
      assertThat(client.answer(stream).body()).isEqualTo("hello");
    }
    assertThat(client.answer(client.get("/svc/again")).body()).isEqualTo("hello");
  }

  @Test
  void oursAndSpringsSideBySide() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Http2Client client = edge.http2();

    int slow = client.get("/spring/slow");
    int echo = client.open(false, "POST", "/spring/echo", "content-length: 8");
    int ours = client.get("/svc/a");
    int local = client.get("/local");
    assertThat(client.answer(ours).body()).isEqualTo("hello");
    assertThat(client.answer(local).body()).isEqualTo("local");
    client.data(echo, false, "echo").data(echo, true, "echo");
    assertThat(client.answer(echo).body()).isEqualTo("echoecho");
    edge.releaseSpring();
    Http2Reply spring = client.answer(slow);

    assertThat(spring.body()).isEqualTo("slow spring");
    assertThat(spring.field("x-request-id")).hasSize(36);
    edge.awaitIdle();
    assertThat(edge.records()).hasSize(4).allMatch(line -> line.flags().isEmpty());
  }

  @Test
  void springGetsTheFieldsThatOurServicesGet() throws Exception {
    edge.route(edge.answering(ok("never")));
    Http2Client client = edge.http2();

    Http2Reply reply =
        client.answer(client.get("/spring/fields", "x-forwarded-for: 1.2.3.4", "x-a: 1"));

    assertThat(reply.body().lines().map(line -> line.split(": ", 2)[0]))
        .contains("x-request-id", "x-forwarded-for", "x-forwarded-host", "via", "x-a", "host")
        .noneMatch(name -> name.startsWith(":"));
    assertThat(reply.body()).contains("x-forwarded-for: 127.0.0.1").doesNotContain("1.2.3.4");
    assertThat(reply.body()).contains("x-request-id: " + reply.field("x-request-id"));
  }

  @Test
  void springMayAnswerWithoutReading() throws Exception {
    edge.route(edge.answering(ok("never")));
    Http2Client client = edge.http2();

    int stream = client.open(false, "POST", "/spring/ignore", "content-length: 100000");
    client.data(stream, false, new byte[10_000]);

    assertThat(client.answer(stream).body()).isEqualTo("ignored");
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
  }

  @Test
  void anIdleConnectionIsLetGoWithAWord() throws Exception {
    edge.keepAlive(Duration.ofMillis(300));
    edge.route(edge.answering(ok("hello")));
    Http2Client client = edge.http2();
    client.answer(client.get("/svc/a"));

    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR);

    assertThat(client.goAwayLast()).isEqualTo(1);
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void aConnectionOfWhichNothingComesIsLetGo() throws Exception {
    edge.keepAlive(Duration.ofMillis(200));
    edge.route(edge.answering(ok("hello")));
    Wire silent = edge.client();
    Wire half = edge.client().send("PRI * HTTP/2.0\r\n");
    Wire only = edge.client().send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    assertThat(silent.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    half.awaitEnd();
    only.awaitEnd();
    await().until(() -> edge.drain().connections() == 0);
  }

  @Test
  void aConnectionInUseIsNotIdle() throws Exception {
    edge.keepAlive(Duration.ofMillis(600));
    edge.route(waiting());
    Http2Client client = edge.http2();
    int stream = client.get("/svc/a");
    await().until(() -> edge.drain().inFlight() == 1);

    // As long as two limits, told by the connections that come and go meanwhile.
    for (int i = 0; i < 2; i++) {
      edge.client().awaitEnd();
    }
    assertThat(client.hasGoneAway()).isFalse();
    goOn.countDown();

    assertThat(client.answer(stream).body()).isEqualTo("hello");
    assertThat(client.answer(client.get("/local")).body()).isEqualTo("local");
    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR);
  }

  @Test
  void theLimitBeginsWithTheEndOfTheLastStream() throws Exception {
    Duration limit = Duration.ofMillis(500);
    edge.keepAlive(limit);
    edge.route(edge.answering(ok("hello")));
    Http2Client client = edge.http2();
    long began = System.nanoTime();

    while (System.nanoTime() - began < limit.multipliedBy(3).toNanos()) {
      assertThat(client.answer(client.get("/local")).body()).isEqualTo("local");
    }

    assertThat(client.hasGoneAway()).isFalse();
    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR);
  }

  @Test
  void goingDownLetsStreamsFinishAndTakesNoMore() throws Exception {
    edge.route(waiting());
    Http2Client client = edge.http2();
    int running = client.get("/svc/a");
    int upload = client.open(false, "POST", "/svc/b", "content-length: 5");
    await().until(() -> edge.drain().inFlight() == 2);

    edge.drain().begin();
    edge.drain().closeIdle();

    assertThat(client.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR);
    assertThat(client.goAwayLast()).isEqualTo(upload);
    int late = client.open(false, "POST", "/svc/late", "content-length: 5");
    client.data(late, true, "hello");
    client.data(upload, true, "hello");
    goOn.countDown();
    assertThat(client.answer(running).body()).isEqualTo("hello");
    assertThat(client.answer(upload).body()).isEqualTo("hello");
    assertThat(client.reply(late).status()).isEqualTo(-1);
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(edge.drain().awaitIdle(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void goingDownClosesWhatIsIdle() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Http2Client used = edge.http2();
    used.answer(used.get("/svc/a"));
    Http2Client fresh = edge.http2().sync();

    edge.drain().begin();
    edge.drain().closeIdle();

    assertThat(used.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR);
    assertThat(fresh.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR);
    assertThat(fresh.goAwayLast()).isZero();
    assertThat(used.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void aClientThatSaysGoAwayGetsItsAnswers() throws Exception {
    edge.route(waiting());
    Http2Client client = edge.http2();
    int stream = client.get("/svc/a");

    client.frame(0x7, 0, 0, new byte[8]);
    goOn.countDown();

    assertThat(client.answer(stream).body()).isEqualTo("hello");
  }

  @Test
  void thePrefaceMayComeInPieces() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Wire wire = edge.client();
    wire.send("PRI * HTTP/2.0\r\n\r\nSM\r");
    assertThat(wire.silentFor(50)).isTrue();
    Http2Client client = Http2Client.after(wire.send("\n\r\n"));

    assertThat(client.answer(client.get("/svc/a")).body()).isEqualTo("hello");
  }

  // RFC 9113 dropped it, and requests have been smuggled through it.
  @Test
  void nobodySwitchesToHttp2() throws Exception {
    edge.route(edge.answering(ok("hello")));

    String answer =
        edge.client()
            .send(
                """
                GET /svc/a HTTP/1.1\r
                host: g\r
                connection: upgrade, http2-settings\r
                upgrade: h2c\r
                http2-settings: AAMAAABkAAQAAP__\r
                \r
                """)
            .readAnswer()
            .body();

    assertThat(answer).isEqualTo("hello");
  }

  @Test
  void aHeaderSectionFarTooLargeEndsTheConnection() throws Exception {
    edge.route(edge.answering(ok("never")));
    Http2Client client = edge.http2();
    String[] fields = new String[12];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = "x: " + "v".repeat(1_000);
    }
    for (int i = 0; i < 5; i++) {
      client.frame(i == 0 ? 0x1 : 0x9, 0, 1, Hpack.literals(fields));
    }

    assertThat(client.awaitGoAway()).isNotEqualTo(Http2Error.NO_ERROR);
    assertThat(client.reply(1).status()).isEqualTo(-1);
    await().until(() -> edge.drain().connections() == 0);
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.request;
import static dev.headgate.edge.Http2UpstreamIT.H2C;
import static dev.headgate.edge.Http2UpstreamIT.ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Http2Wire;
import dev.headgate.testing.Http2Wire.Frame;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that speak HTTP/2 badly, or end what they have begun. */
@Timeout(60)
class Http2FailureIT {
  private static final String RETRIED = "retry: {max-attempts: 3}";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private RawUpstream service(String routeKeys, Http2UpstreamIT.Script script, int... settings) {
    RawUpstream service = edge.service(wire -> script.run(Http2Wire.accept(wire, settings)));
    edge.route(service, routeKeys, H2C);
    return service;
  }

  /** Gives up the first stream of the first connection in some way, and serves all others. */
  private RawUpstream firstFails(Http2UpstreamIT.Script failing) {
    return firstFails(RETRIED, failing);
  }

  private RawUpstream firstFails(String routeKeys, Http2UpstreamIT.Script failing) {
    AtomicInteger connections = new AtomicInteger();
    return service(
        routeKeys,
        wire -> {
          if (connections.getAndIncrement() == 0) {
            failing.run(wire);
          }
          while (true) {
            Http2Wire.Request request = wire.readRequest();
            if (!request.whole()) {
              wire.readBody(request.stream());
            }
            wire.answer(request.stream(), "served");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aRefusedStreamIsTriedAgainWhateverTheMethod(String method) throws Exception {
    RawUpstream service = firstFails(wire -> wire.reset(wire.readRequest().stream(), 7));

    Answer answer = edge.client().send(request(method, "/svc/a")).readAnswer();

    assertThat(answer.body()).isEqualTo("served");
    assertThat(edge.record(0).attempts()).isEqualTo(2);
    assertThat(service.accepted()).isEqualTo(1);
  }

  /**
   * HTTP/2 can refuse what it has begun to read: the body is kept for that, whatever the method.
   */
  @Test
  void aRefusedRequestIsTriedAgainWithItsBody() throws Exception {
    firstFails(wire -> wire.reset(wire.readRequest().stream(), 7));

    Answer answer = edge.client().send(request("POST", "/svc/a", "body")).readAnswer();

    assertThat(answer.body()).isEqualTo("served");
    assertThat(edge.record(0).attempts()).isEqualTo(2);
  }

  /** What was refused with it is gone: there is nothing to try again with. */
  @Test
  void aRefusedRequestWhoseBodyWasNotKeptIsNotTriedAgain() throws Exception {
    firstFails(
        "retry: {max-attempts: 2, max-body: 3B}",
        wire -> wire.reset(wire.readRequest().stream(), 7));

    Answer answer = edge.client().send(request("POST", "/svc/a", "body")).readAnswer();

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("UPSTREAM_REFUSED");
    assertThat(edge.record(0).attempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void whatAGoAwayLeavesOutIsTriedAgainOnAnotherConnection(String method) throws Exception {
    RawUpstream service =
        firstFails(
            wire -> {
              wire.readRequest();
              wire.goAway(0, 0);
            });

    Answer answer = edge.client().send(request(method, "/svc/a")).readAnswer();

    assertThat(answer.body()).isEqualTo("served");
    assertThat(edge.record(0).attempts()).isEqualTo(2);
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void whatIsRefusedToTheEndIsA503() throws Exception {
    service(
        "retry: {max-attempts: 2}",
        wire -> {
          while (true) {
            wire.reset(wire.readRequest().stream(), 7);
          }
        });

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("UPSTREAM_REFUSED");
  }

  @Test
  void whatAGoAwayIncludesIsFinishedAndNothingNewComes() throws Exception {
    CountDownLatch away = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicInteger connections = new AtomicInteger();
    RawUpstream service =
        service(
            ONCE,
            wire -> {
              int stream = wire.readRequest().stream();
              if (connections.getAndIncrement() == 0) {
                wire.headers(stream, false, ":status: 200").data(stream, "first ", false);
                wire.goAway(stream, 0);
                away.countDown();
                finish.await();
                wire.data(stream, "whole", true);
              } else {
                wire.answer(stream, "second");
              }
              wire.wire().awaitEnd();
            });
    Wire first = edge.client().send(request("GET", "/svc/a"));
    first.readHead();
    away.await();
    edge.client();
    edge.client();
    // One event loop, so that the first connection is there to be taken, were it not for GOAWAY.
    await()
        .untilAsserted(
            () -> {
              edge.client();
              edge.client();
              assertThat(edge.get("/svc/b").body()).isEqualTo("second");
              assertThat(service.accepted()).isEqualTo(2);
            });

    finish.countDown();

    assertThat(first.readChunk()).isEqualTo("first ");
    assertThat(first.readChunk()).isEqualTo("whole");
    assertThat(first.readChunk()).isEmpty();
    await().until(() -> edge.pool().open() == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "1, UPSTREAM_RESET",
    "2, UPSTREAM_RESET",
    "8, UPSTREAM_RESET",
    "11, UPSTREAM_RESET",
    "13, UPSTREAM_PROTOCOL_ERROR"
  })
  void aResetBeforeTheHead(int code, String reason) throws Exception {
    RawUpstream service =
        service(
            ONCE,
            wire -> {
              while (true) {
                wire.reset(wire.readRequest().stream(), code);
              }
            });
    Wire client = edge.client();

    for (int i = 0; i < 2; i++) {
      Answer answer = client.send(request("GET", "/svc/a")).readAnswer();
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body()).contains(reason);
    }
    assertThat(service.accepted()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 7, 8})
  void aResetWithinTheBodyCutsTheClientOff(int code) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 200").data(stream, "begun", false);
          begun.await();
          wire.reset(stream, code);
          wire.wire().awaitEnd();
        });
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();
    assertThat(client.readChunk()).isEqualTo("begun");

    begun.countDown();

    assertThat(client.awaitEnd()).isNotNull();
    assertThat(edge.record(0).flags()).contains("UPSTREAM_RESET");
  }

  /** A service may answer, and then say that it does not want the rest (RFC 9113 section 8.1). */
  @Test
  void aResetAfterAWholeAnswerTakesNothingOfItAway() throws Exception {
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 403", "content-length: 2");
          wire.data(stream, "no", true).reset(stream, 0);
          wire.wire().awaitEnd();
        });
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 10\r\n\r\nabc");

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("no");
    assertThat(edge.record(0).flags()).isEmpty();
  }

  @Test
  void aConnectionThatEndsBeforeTheHeadIsPremature() throws Exception {
    service(ONCE, wire -> wire.readRequest());

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).containsAnyOf("UPSTREAM_PREMATURE_END", "UPSTREAM_RESET");
  }

  @Test
  void aConnectionThatEndsWithinABodyCutsTheClientOff() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 200").data(stream, "begun", false);
          begun.await();
        });
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();
    assertThat(client.readChunk()).isEqualTo("begun");

    begun.countDown();

    client.awaitEnd();
    assertThat(edge.record(0).flags()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-no: status",
        ":status: 20",
        ":status: 2000",
        ":status: 600",
        ":status: abc",
        ":status: 101",
        ":status: 200|:status: 200",
        ":status: 200|:path: /",
        "x-a: 1|:status: 200",
        ":status: 200|X-Upper: 1",
        ":status: 200|connection: close",
        ":status: 200|transfer-encoding: chunked",
        ":status: 200|keep-alive: 1",
        ":status: 200|upgrade: h2c",
        ":status: 200|x-a: a\nb",
        ":status: 200|x-a: a\rb",
        ":status: 200|x-a: a\u0000b",
        ":status: 200|x-a:  a",
        ":status: 200|x a: 1",
        ":status: 200|content-length: 1|content-length: 2",
        ":status: 200|content-length: -1",
        ":status: 200|content-length: x"
      })
  void aMalformedHeadIsNoAnswer(String fields) throws Exception {
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, fields.split("\\|", -1)).data(stream, "four", true);
          wire.await(Http2Wire.RST_STREAM);
          while (true) {
            wire.answer(wire.readRequest().stream(), "next");
          }
        });
    Wire client = edge.client();

    Answer answer = client.send(request("GET", "/svc/a")).readAnswer();

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("UPSTREAM_PROTOCOL_ERROR");
    assertThat(client.send(request("GET", "/svc/b")).readAnswer().body()).isEqualTo("next");
  }

  @Test
  void fewerBytesThanAnnouncedDoNotLookComplete() throws Exception {
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 200", "content-length: 10");
          wire.data(stream, "four", false).wire().silentFor(50);
          wire.data(stream, "five!", true);
          wire.wire().awaitEnd();
        });
    Wire client = edge.client().send(request("GET", "/svc/a"));

    assertThat(client.readHead().field("content-length")).isEqualTo("10");
    client.awaitEnd();

    assertThat(edge.record(0).flags()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void moreBytesThanAnnouncedDoNotLookComplete() throws Exception {
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 200", "content-length: 3");
          wire.wire().silentFor(50);
          wire.data(stream, "four", true);
          wire.wire().awaitEnd();
        });
    Wire client = edge.client().send(request("GET", "/svc/a"));

    assertThat(client.readHead().field("content-length")).isEqualTo("3");
    client.awaitEnd();

    assertThat(edge.record(0).flags()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void anEmptyAnswerThatAnnouncedABodyIsNone() throws Exception {
    service(
        ONCE,
        wire -> {
          wire.headers(wire.readRequest().stream(), true, ":status: 200", "content-length: 10");
          wire.wire().awaitEnd();
        });

    assertThat(edge.get("/svc/a").body()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void aHeadBeyondItsLimitEndsTheStreamAlone() throws Exception {
    char[] many = new char[2000];
    Arrays.fill(many, 'x');
    String[] fields = new String[60];
    Arrays.setAll(fields, i -> i == 0 ? ":status: 200" : "x-" + i + ": " + new String(many));
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          wire.largeHeaders(stream, true, fields);
          wire.await(Http2Wire.RST_STREAM);
          while (true) {
            wire.answer(wire.readRequest().stream(), "next");
          }
        });
    Wire client = edge.client();

    Answer answer = client.send(request("GET", "/svc/a")).readAnswer();

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void interimResponsesWithoutEndAreNoAnswer() throws Exception {
    service(
        ONCE,
        wire -> {
          int stream = wire.readRequest().stream();
          for (int i = 0; i < 200; i++) {
            wire.headers(stream, false, ":status: 103");
          }
          wire.wire().awaitEnd();
        });

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void aBreachOfTheConnectionsRulesFailsAllItsStreams() throws Exception {
    service(
        ONCE,
        wire -> {
          wire.readRequest();
          wire.data(0, "on no stream", false);
          wire.wire().awaitEnd();
        });

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void aServiceOfHttp1IsNotTakenForOneOfHttp2() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
              wire.awaitEnd();
            });
    edge.route(service, ONCE, H2C);

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("UPSTREAM_PROTOCOL_ERROR");
  }

  @Test
  void aServiceThatNeverSaysItsSettingsIsNoConnection() throws Exception {
    RawUpstream service = edge.service(Wire::awaitEnd);
    edge.route(service, ONCE, "protocol: h2c, connect-timeout: 200ms");

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.body()).contains("UPSTREAM_CONNECT_TIMEOUT");
  }

  /** One that vanished would swallow all that is put on its connection. */
  @Test
  void aConnectionOnWhichNobodyAnswersHasToProveThatItLives() throws Exception {
    LinkedBlockingQueue<Frame> pings = new LinkedBlockingQueue<>();
    AtomicInteger connections = new AtomicInteger();
    RawUpstream service =
        service(
            ONCE + ", timeout: {per-try: 100ms}",
            wire -> {
              if (connections.getAndIncrement() == 0) {
                wire.readRequest();
                pings.add(wire.await(Http2Wire.PING));
                wire.wire().awaitEnd();
              } else {
                wire.answer(wire.readRequest().stream(), "alive");
              }
              wire.wire().awaitEnd();
            });
    assertThat(edge.get("/svc/a").status()).isEqualTo(504);
    assertThat(pings.take().type()).isEqualTo(Http2Wire.PING);

    await().until(() -> edge.pool().open() == 0);

    assertThat(edge.get("/svc/b").body()).isEqualTo("alive");
    assertThat(service.accepted()).isEqualTo(2);
  }
}

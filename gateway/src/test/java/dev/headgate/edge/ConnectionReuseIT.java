package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections carry another exchange, on either side, and how the others end. */
class ConnectionReuseIT {
  private static final int MEGABYTE = 1024 * 1024;

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  @Test
  void oneConnectionOnEitherSideCarriesMany() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);
    Wire client = edge.client();

    for (int i = 0; i < 20; i++) {
      client.send(i % 2 == 0 ? request("GET", "/svc/a") : request("POST", "/svc/a", "body"));
      Answer answer = client.readAnswer();
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.field("connection")).isNull();
    }

    assertThat(service.accepted()).isEqualTo(1);
    assertThat(service.requests()).hasSize(20);
    assertThat(edge.drain().connections()).isEqualTo(1);
  }

  @Test
  void aChunkedAnswerLeavesItsConnectionForTheNext() throws Exception {
    RawUpstream service =
        edge.answering(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    edge.route(service);
    Wire client = edge.client();

    for (int i = 0; i < 3; i++) {
      assertThat(client.send(request("GET", "/svc/a")).readAnswer().body()).isEqualTo("abc");
    }

    assertThat(service.accepted()).isEqualTo(1);
  }

  @Test
  void aServiceThatSaysCloseIsNotAskedAgain() throws Exception {
    RawUpstream service =
        edge.answering("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    edge.route(service);
    Wire client = edge.client();

    for (int i = 0; i < 3; i++) {
      Answer answer = client.send(request("GET", "/svc/a")).readAnswer();
      assertThat(answer.field("connection")).isNull();
    }

    assertThat(service.accepted()).isEqualTo(3);
  }

  @Test
  void anIdleConnectionThatTheServiceClosesIsForgotten() throws Exception {
    CountDownLatch close = new CountDownLatch(1);
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(ok("hello"));
              close.await();
            });
    edge.route(service);
    Wire client = edge.client();
    client.send(request("GET", "/svc/a")).readAnswer();
    await().until(() -> edge.pool().idle() == 1);

    close.countDown();

    await().until(() -> edge.pool().open() == 0);
    assertThat(client.send(request("POST", "/svc/a", "body")).readAnswer().status()).isEqualTo(200);
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void anIdleConnectionOnWhichTheServiceSpeaksIsClosed() throws Exception {
    CountDownLatch speak = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(ok("hello"));
              speak.await();
              wire.send(ok("unasked"));
              wire.awaitEnd();
            }));
    Wire client = edge.client();
    client.send(request("GET", "/svc/a")).readAnswer();
    await().until(() -> edge.pool().idle() == 1);

    speak.countDown();

    await().until(() -> edge.pool().open() == 0);
  }

  @Test
  void anIdleConnectionIsClosedAfterMaxIdle() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service, "retry: {max-attempts: 1}", "pool: {max-idle: 1s}");

    edge.get("/svc/a");

    await().until(() -> edge.pool().open() == 0);
  }

  @Test
  void anAnswerAheadOfTheRequestsEndEndsTheServicesConnection() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
              wire.awaitEnd();
            });
    edge.route(service);
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 10\r\n\r\nabc");

    assertThat(client.readAnswer().status()).isEqualTo(403);
    edge.awaitIdle();
    assertThat(edge.pool().open()).isZero();

    client.send("defghij" + request("GET", "/local"));
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void anAnswerAheadOfALargeRequestsEndReachesTheClient() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
              wire.awaitEnd();
            }));

    Answer answer = answerToLargeUpload("/svc/a");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-length: 4\r\n\r\nbody", "content-length: 4\r\n\r\n"})
  void aRefusedRequestWithASmallBodyKeepsTheConnection(String rest) throws Exception {
    edge.route(edge.answering(ok("never")));
    Wire client = edge.client().send("POST /get-only HTTP/1.1\r\nhost: g\r\n" + rest);

    Answer answer = client.readAnswer();

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.field("allow")).contains("GET");
    client.send((rest.endsWith("body") ? "" : "body") + request("GET", "/local"));
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/get-only", "/svc/%zz"})
  void aRefusedRequestWithALargeBodyIsAnsweredBeforeItIsCut(String path) throws Exception {
    edge.route(edge.answering(ok("never")));

    Answer answer = answerToLargeUpload(path);

    assertThat(answer.status()).isIn(400, 405);
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(answer.body()).contains("\"error\"");
  }

  @Test
  void aRefusedRequestWithAChunkedBodyEndsTheConnection() throws Exception {
    edge.route(edge.answering(ok("never")));
    Wire client =
        edge.client()
            .send("POST /get-only HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n");

    Answer answer = client.readAnswer();

    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  /** Sends until it cannot, as clients do that look at the answer only when they are done. */
  private Answer answerToLargeUpload(String path) throws Exception {
    Wire client = edge.client();
    client.send("POST " + path + " HTTP/1.1\r\nhost: g\r\ncontent-length: 100000000\r\n\r\n");
    // Fails where the connection is reset under it.
    for (int sent = 0; sent < MEGABYTE; sent += 1024) {
      client.send(new byte[1024]);
    }
    Answer answer = client.readAnswer();
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    return answer;
  }

  @Test
  void anIdleClientIsLetGo() throws Exception {
    edge.keepAlive(Duration.ofMillis(200));
    edge.route(edge.answering(ok("hello")));
    Wire fresh = edge.client();
    Wire used = edge.client().send(request("GET", "/svc/a"));
    used.readAnswer();

    assertThat(fresh.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(used.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void aClientThatNeverSendsTheBodyOfARefusedRequestIsLetGo() throws Exception {
    edge.keepAlive(Duration.ofMillis(200));
    edge.route(edge.answering(ok("never")));
    Wire client =
        edge.client().send("POST /get-only HTTP/1.1\r\nhost: g\r\ncontent-length: 4\r\n\r\n");
    assertThat(client.readAnswer().status()).isEqualTo(405);

    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void aClientThatIsWaitingIsNotIdle() throws Exception {
    edge.keepAlive(Duration.ofMillis(100));
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.silentFor(500);
              wire.send(ok("late"));
              wire.awaitEnd();
            }));

    assertThat(edge.get("/svc/a").body()).isEqualTo("late");
  }

  @Test
  void springMayAnswerWithoutReading() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Wire client =
        edge.client().send("POST /spring/ignore HTTP/1.1\r\nhost: g\r\ncontent-length: 4\r\n\r\n");
    assertThat(client.readAnswer().body()).isEqualTo("ignored");

    client.send("body" + request("GET", "/svc/a") + request("GET", "/spring/plain"));

    assertThat(client.readAnswer().body()).isEqualTo("hello");
    assertThat(client.readAnswer().body()).isEqualTo("spring");
  }

  @Test
  void aBodyThatIsNotChunkedAsItClaimsEndsBothConnections() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              Head head = wire.readHead();
              assertThat(head.field("transfer-encoding")).isEqualTo("chunked");
              wire.readChunk();
              reached.countDown();
              assertThat(wire.awaitEnd()).isNotNull();
            }));
    Wire client =
        edge.client()
            .send("POST /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n")
            .sendChunk("good");
    reached.await();

    client.send("zzz\r\n");

    Answer answer = client.readAnswer();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.telemetry.AccessRecord;
import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests sent without waiting: ours and Spring's, on one connection, answered in their order. */
class PipeliningIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  /** Answers with what it was asked. */
  private RawUpstream echo() {
    return edge.service(
        wire -> {
          while (true) {
            Answer request = wire.readRequest();
            wire.send(ok(request.head().target() + ":" + request.body()));
          }
        });
  }

  @Test
  void tenInOnePacketAreAnsweredInOrder() throws Exception {
    edge.route(echo());
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      all.append(
          switch (i % 5) {
            case 0 -> request("GET", "/svc/" + i);
            case 1 -> request("POST", "/spring/echo", "spring" + i);
            case 2 -> request("POST", "/svc/" + i, "body" + i);
            case 3 -> request("GET", "/local");
            default -> request("GET", "/spring/plain");
          });
    }

    Wire client = edge.client().send(all.toString());

    for (int i = 0; i < 10; i++) {
      assertThat(client.readAnswer().body())
          .isEqualTo(
              switch (i % 5) {
                case 0 -> "/svc/" + i + ":";
                case 1 -> "spring" + i;
                case 2 -> "/svc/" + i + ":body" + i;
                case 3 -> "local";
                default -> "spring";
              });
    }
    edge.record(9);
    assertThat(edge.records()).hasSize(10);
  }

  @Test
  void chunkedBodiesKeepTheirPlaces() throws Exception {
    edge.route(echo());
    String chunked = "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

    Wire client =
        edge.client()
            .send("POST /svc/a HTTP/1.1\r\nhost: g\r\n" + chunked)
            .send("POST /spring/echo HTTP/1.1\r\nhost: g\r\n" + chunked)
            .send("POST /svc/b HTTP/1.1\r\nhost: g\r\n" + chunked);

    assertThat(client.readAnswer().body()).isEqualTo("/svc/a:abcde");
    assertThat(client.readAnswer().body()).isEqualTo("abcde");
    assertThat(client.readAnswer().body()).isEqualTo("/svc/b:abcde");
  }

  @Test
  void aSlowFirstHoldsTheOthersBack() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              release.await();
              wire.send(ok("slow"));
              wire.awaitEnd();
            }));

    Wire client =
        edge.client()
            .send(request("GET", "/svc/a") + request("GET", "/local"))
            .send(request("GET", "/spring/plain"));

    assertThat(client.silentFor(100)).isTrue();
    assertThat(edge.drain().inFlight()).isEqualTo(1);
    release.countDown();
    assertThat(client.readAnswer().body()).isEqualTo("slow");
    assertThat(client.readAnswer().body()).isEqualTo("local");
    assertThat(client.readAnswer().body()).isEqualTo("spring");
  }

  @Test
  void springsSlowFirstHoldsOursBack() throws Exception {
    edge.route(echo());
    Wire client = edge.client().send(request("GET", "/spring/slow") + request("GET", "/svc/a"));
    assertThat(client.silentFor(100)).isTrue();
    client.send(request("GET", "/local"));

    edge.releaseSpring();

    assertThat(client.readAnswer().body()).isEqualTo("slow spring");
    assertThat(client.readAnswer().body()).isEqualTo("/svc/a:");
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void anInterimAnswerDoesNotShiftThoseBehind() throws Exception {
    edge.route(edge.answering("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + ok("hello")));

    Wire client =
        edge.client()
            .send(request("GET", "/svc/a") + request("HEAD", "/local") + request("GET", "/local"));

    assertThat(client.readHead().status()).isEqualTo(103);
    assertThat(client.readAnswer().body()).isEqualTo("hello");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readAnswer().body()).isEqualTo("local");
  }

  @Test
  void nothingBehindTheLastIsAnswered() throws Exception {
    edge.route(echo());

    Wire client =
        edge.client()
            .send(
                "GET /svc/a HTTP/1.1\r\nhost: g\r\nconnection: close\r\n\r\n"
                    + request("GET", "/svc/b"));

    Answer answer = client.readAnswer();
    assertThat(answer.body()).isEqualTo("/svc/a:");
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    edge.awaitIdle();
    assertThat(edge.records()).hasSize(1);
  }

  @Test
  void nothingBehindAnUnreadableHeadIsAnswered() throws Exception {
    edge.route(echo());

    Wire client =
        edge.client()
            .send(
                request("GET", "/svc/a")
                    + "GET /svc/b HTTP/1.1\r\n\r\n"
                    + request("GET", "/svc/c"));

    assertThat(client.readAnswer().body()).isEqualTo("/svc/a:");
    assertThat(client.readAnswer().status()).isEqualTo(400);
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    edge.awaitIdle();
    assertThat(edge.records()).extracting(AccessRecord::status).containsExactly(200, 400);
  }

  @Test
  void anAbortEndsTheRunningOneAndDropsTheRest() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              reached.countDown();
              wire.awaitEnd();
            }));
    Wire client =
        edge.client()
            .send(
                request("GET", "/svc/a")
                    + request("POST", "/svc/b", "body")
                    + request("GET", "/spring/plain"));
    reached.await();

    client.reset();

    assertThat(edge.record(0).flags()).containsExactly("CLIENT_ABORTED");
    await().until(() -> edge.drain().connections() == 0);
    assertThat(edge.records()).hasSize(1);
  }

  @Test
  void anOrderlyAbortBehindPipelinedRequestsIsSeenToo() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              reached.countDown();
              wire.awaitEnd();
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    reached.await();
    client.send(request("GET", "/svc/b"));

    client.close();

    assertThat(edge.record(0).flags()).containsExactly("CLIENT_ABORTED");
    await().until(() -> edge.drain().connections() == 0);
  }

  @Test
  void surplusBytesOfAServiceAreNobodysAnswer() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readRequest();
              wire.send(ok("first") + ok("surplus"));
              wire.awaitEnd();
            });
    edge.route(service);

    Wire client = edge.client().send(request("GET", "/svc/a") + request("GET", "/svc/b"));

    assertThat(client.readAnswer().body()).isEqualTo("first");
    assertThat(client.readAnswer().body()).isEqualTo("first");
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void manyRequestsBehindASlowReaderAreNotAllTaken() throws Exception {
    RawUpstream service = edge.answering(ok("x".repeat(200_000)));
    edge.route(service);
    Wire client = edge.slowReadingClient().send(request("GET", "/svc/a").repeat(50));

    long taken = Stalls.awaitStandstill(() -> service.requests().size());

    assertThat(taken).isLessThan(40);
    for (int i = 0; i < 50; i++) {
      assertThat(client.readAnswer().body()).hasSize(200_000);
    }
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Wire;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Going down without cutting anybody off. */
class DrainIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @Test
  void idleConnectionsAreClosed() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Wire fresh = edge.client();
    Wire used = edge.client().send(request("GET", "/svc/a"));
    used.readAnswer();
    await().until(() -> edge.drain().connections() == 2);

    edge.drain().begin();
    edge.drain().closeIdle();

    assertThat(fresh.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(used.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void aRunningExchangeEndsWithItsConnection() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              reached.countDown();
              goOn.await();
              wire.send(ok("hello"));
              wire.awaitEnd();
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    reached.await();

    edge.drain().begin();
    edge.drain().closeIdle();
    assertThat(edge.drain().awaitIdle(Duration.ofMillis(50))).isFalse();
    goOn.countDown();

    Answer answer = client.readAnswer();
    assertThat(answer.body()).isEqualTo("hello");
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(edge.drain().awaitIdle(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void anAnswerThatHasBegunEndsWithItsConnectionToo() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
              goOn.await();
              wire.send("hello");
              wire.awaitEnd();
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    edge.drain().begin();
    edge.drain().closeIdle();
    goOn.countDown();

    assertThat(client.read(5)).isEqualTo("hello");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void anAnswerOnItsWayToASlowReaderArrivesWhole() throws Exception {
    int length = 100_000;
    edge.table(
        """
        upstreams: {}
        routes:
          large: {match: {path: /large}, respond: {status: 200, body: "%s"}}
        """
            .formatted("x".repeat(length)));
    Wire client = edge.slowReadingClient().send(request("GET", "/large").repeat(200));
    // The last of them has been answered but for what lies in the gateway.
    int answered = (int) Stalls.awaitStandstill(() -> edge.records().size()) + 1;
    assertThat(edge.drain().inFlight()).isEqualTo(1);

    edge.drain().begin();
    edge.drain().closeIdle();

    for (int i = 0; i < answered; i++) {
      assertThat(client.readAnswer().body()).hasSize(length);
    }
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void aNewRequestOnAnOpenConnectionIsStillAnswered() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client();
    await().until(() -> edge.drain().connections() == 1);
    edge.drain().begin();

    Answer answer = client.send(request("GET", "/svc/a")).readAnswer();

    assertThat(answer.body()).isEqualTo("hello");
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void springsAnswersEndTheirConnectionsToo() throws Exception {
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client().send(request("GET", "/spring/slow"));
    await().until(() -> edge.drain().inFlight() == 1);

    edge.drain().begin();
    edge.drain().closeIdle();
    edge.releaseSpring();

    Answer answer = client.readAnswer();
    assertThat(answer.body()).isEqualTo("slow spring");
    assertThat(answer.field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }
}

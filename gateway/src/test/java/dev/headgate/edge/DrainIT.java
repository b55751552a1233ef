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
    int length = 12_000_000;
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: " + length + "\r\n\r\n");
              for (int at = 0; at < length; at += 10_000) {
                wire.send(new byte[10_000]);
              }
              goOn.countDown();
              wire.awaitEnd();
            }));
    Wire client = edge.slowReadingClient().send(request("GET", "/svc/a"));
    client.readHead();
    // Read until the service has sent all, so that the rest is the gateway's own.
    int read = 0;
    while (goOn.getCount() > 0) {
      client.read(1_000);
      read += 1_000;
    }

    edge.drain().begin();
    edge.drain().closeIdle();

    assertThat(client.read(length - read)).hasSize(length - read);
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

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.ok;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.telemetry.AccessRecord;
import dev.headgate.testing.Head;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that goes away takes everything behind it along, at once. */
class AbortIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final LinkedBlockingQueue<Wire.End> serviceSaw = new LinkedBlockingQueue<>();
  private final CountDownLatch reached = new CountDownLatch(1);

  /** How a client goes. */
  enum Going {
    IN_ORDER {
      @Override
      void leave(Wire client) {
        client.close();
      }
    },
    BY_RESET {
      @Override
      void leave(Wire client) throws IOException {
        client.reset();
      }
    };

    abstract void leave(Wire client) throws IOException;
  }

  private void assertServiceWasLetGo() throws InterruptedException {
    assertThat(serviceSaw.poll(10, TimeUnit.SECONDS)).isNotNull();
  }

  private AccessRecord assertAborted(int status) {
    AccessRecord line = edge.record(0);
    assertThat(line.status()).isEqualTo(status);
    assertThat(line.flags()).containsExactly("CLIENT_ABORTED");
    return line;
  }

  @ParameterizedTest
  @EnumSource
  void beforeTheHeadIsWhole(Going going) throws Exception {
    edge.route(edge.answering(ok("never")));
    Wire client = edge.client().send("GET /svc/a HTTP/1.1\r\nhost: g\r\nx-a");
    await().until(() -> edge.drain().connections() == 1);

    going.leave(client);

    await().until(() -> edge.drain().connections() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void whileTheServiceIsBeingLookedUp(Going going) throws Exception {
    edge.route("http://never.hanging:1", "retry: {max-attempts: 1}", "connect-timeout: 500ms");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    await().until(() -> edge.pool().open() == 1);

    going.leave(client);

    assertThat(assertAborted(499).attempts()).isEqualTo(1);
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
    Wire client = edge.client().send(request("GET", "/svc/a"));
    reached.await();

    going.leave(client);

    assertServiceWasLetGo();
    assertAborted(499);
    edge.awaitIdle();
    assertThat(edge.pool().open()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void betweenHeadAndBody(Going going) throws Exception {
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
              serviceSaw.add(wire.awaitEnd());
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    going.leave(client);

    assertServiceWasLetGo();
    assertAborted(200);
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
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();
    assertThat(client.readChunk()).isEqualTo("one");

    going.leave(client);

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
    Wire client = edge.slowReadingClient().send(request("GET", "/svc/a"));
    client.readHead();
    client.read(1000);

    going.leave(client);

    assertServiceWasLetGo();
    assertAborted(200);
  }

  @ParameterizedTest
  @EnumSource
  void afterTheBodyIsNoAbort(Going going) throws Exception {
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readAnswer();

    going.leave(client);

    assertThat(edge.record(0).flags()).isEmpty();
    await().until(() -> edge.drain().connections() == 0);
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
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 100\r\n\r\nstart");
    reached.await();

    going.leave(client);

    assertServiceWasLetGo();
    assertAborted(499);
  }

  @ParameterizedTest
  @EnumSource
  void inTheMiddleOfAChunkedUploadLeavesItIncomplete(Going going) throws Exception {
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
    Wire client =
        edge.client()
            .send("POST /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n")
            .sendChunk("start");
    reached.await();

    going.leave(client);

    assertThat(rest.poll(10, TimeUnit.SECONDS)).isEmpty();
    assertAborted(499);
  }

  // By a reset only: an orderly end queues up behind the bytes that nobody reads.
  @Test
  void whileTheServiceDoesNotReadTheUpload() throws Exception {
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
    Wire client = edge.client();
    client.send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 100000000\r\n\r\n");
    AtomicLong sent = new AtomicLong();
    Thread upload =
        new Thread(
            () -> {
              try {
                while (true) {
                  client.send(new byte[64 * 1024]);
                  sent.addAndGet(64 * 1024);
                }
              } catch (IOException e) {
                // The abort.
              }
            });
    upload.start();
    reached.await();
    Stalls.awaitStandstill(sent::get);

    client.reset();

    upload.join();
    assertAborted(499);
    done.countDown();
    assertServiceWasLetGo();
  }

  @ParameterizedTest
  @EnumSource
  void whileSpringAnswers(Going going) throws Exception {
    edge.route(edge.answering(ok("never")));
    Wire client = edge.client().send(request("GET", "/spring/slow"));
    await().until(() -> edge.drain().inFlight() == 1);

    going.leave(client);

    assertAborted(499);
  }

  @Test
  void whileWaitingForTheNextTry() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n");
              reached.countDown();
              wire.awaitEnd();
            });
    edge.route(service, "retry: {max-attempts: 10}", "");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    reached.await();

    client.close();

    edge.awaitIdle();
    assertThat(edge.record(0).flags()).isSubsetOf("CLIENT_ABORTED");
    assertThat(edge.records()).hasSize(1);
  }

  @Test
  void aClientThatShutsItsDirectionHasGone() throws Exception {
    edge.route(
        edge.service(
            wire -> {
              Head head = wire.readHead();
              assertThat(head.target()).isEqualTo("/svc/a");
              reached.countDown();
              serviceSaw.add(wire.awaitEnd());
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    reached.await();

    client.finish();

    assertServiceWasLetGo();
    assertAborted(499);
  }
}

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

/** What a client's connection may cost. */
class ConnectionLimitsIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  @Test
  void aConnectionTooManyGetsAnAnswerAndTheOthersGoOn() throws Exception {
    edge.maxConnections(2, 0);
    edge.route(edge.answering(ok("hello")));
    Wire first = edge.client();
    Wire second = edge.client();
    await().until(() -> edge.gate().open() == 2);

    Wire third = edge.client().send(request("GET", "/svc/a"));
    Answer refused = third.readAnswer();

    assertThat(refused.head().status()).isEqualTo(503);
    assertThat(refused.head().field("retry-after")).isEqualTo("1");
    assertThat(refused.head().field("connection")).isEqualTo("close");
    assertThat(refused.body()).contains("\"code\":\"OVERLOADED\"");
    assertThat(third.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(edge.gate().refused(Gate.Reason.MAX_CONNECTIONS)).isEqualTo(1);
    assertThat(first.send(request("GET", "/svc/a")).readAnswer().body()).isEqualTo("hello");
    assertThat(edge.record(0).path()).isEqualTo("/svc/a");
    assertThat(edge.records()).as("none of the one refused").hasSize(1);

    second.close();
    await().until(() -> edge.gate().open() == 1);
    assertThat(edge.get("/svc/a").body()).isEqualTo("hello");
  }

  @Test
  void oneClientHasNoMoreThanItsShare() throws Exception {
    edge.maxConnections(0, 1);
    edge.route(edge.answering(ok("hello")));
    edge.client();
    await().until(() -> edge.gate().open() == 1);

    assertThat(edge.client().readAnswer().head().status()).isEqualTo(503);
    assertThat(edge.gate().refused(Gate.Reason.MAX_CONNECTIONS_PER_CLIENT)).isEqualTo(1);
  }

  @Test
  void aTrustedProxyHasTheSharesOfAllItsClients() throws Exception {
    edge.maxConnections(0, 1);
    edge.trust("127.0.0.1");
    edge.route(edge.answering(ok("hello")));
    edge.client();

    assertThat(edge.get("/svc/a").body()).isEqualTo("hello");
  }

  @Test
  void theLastRequestOfAConnectionSaysSo() throws Exception {
    edge.maxRequestsPerConnection(2);
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client().send(request("GET", "/svc/a") + request("GET", "/svc/b"));

    assertThat(client.readAnswer().head().field("connection")).isNull();
    assertThat(client.readAnswer().head().field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void springsRequestsCountToo() throws Exception {
    edge.maxRequestsPerConnection(2);
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readAnswer();

    Answer last = client.send(request("GET", "/spring")).readAnswer();

    assertThat(last.head().field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
  }

  @Test
  void theLastRequestOfAnHttp2ConnectionIsFollowedByGoaway() throws Exception {
    edge.maxRequestsPerConnection(2);
    edge.route(edge.answering(ok("hello")));
    // :method GET, :scheme http, :authority a, :path /local (RFC 7541 appendix A).
    String block = "\u0082\u0086A\u0001a\u0004\u0006/local";
    Wire client =
        edge.client()
            .send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .send(frame(4, 0, 0, ""))
            .send(frame(1, 5, 1, block));
    await().until(() -> edge.records().size() == 1);
    client.send(frame(1, 5, 3, block));

    String goaway = null;
    StringBuilder types = new StringBuilder();
    while (goaway == null) {
      String head = client.read(9);
      String payload = client.read((head.charAt(1) << 8) + head.charAt(2));
      types.append((int) head.charAt(3));
      goaway = head.charAt(3) == 7 ? payload : null;
    }

    assertThat(types.toString()).as("an answer came first").contains("1");
    assertThat((int) goaway.charAt(3)).as("the last stream that is served").isEqualTo(3);
    assertThat(goaway.substring(4, 8)).as("no error").isEqualTo("\0\0\0\0");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(edge.records()).allMatch(line -> line.status() == 200).hasSize(2);
  }

  private static String frame(int type, int flags, int stream, String payload) {
    return "\0\0"
        + (char) payload.length()
        + (char) type
        + (char) flags
        + "\0\0\0"
        + (char) stream
        + payload;
  }

  @Test
  void aHeadThatDoesNotArriveIsAnsweredAndLogged() throws Exception {
    edge.headerTimeout(Duration.ofMillis(200));
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client().send("GET /svc/a HTTP/1.1\r\nhost: gat");

    Answer late = client.readAnswer();

    assertThat(late.head().status()).isEqualTo(408);
    assertThat(late.head().field("connection")).isEqualTo("close");
    assertThat(client.awaitEnd()).isEqualTo(Wire.End.CLOSED);
    assertThat(edge.record(0).flags()).containsExactly("CLIENT_TIMEOUT");
  }

  @Test
  void bytesNowAndThenDoNotExtendIt() throws Exception {
    edge.headerTimeout(Duration.ofMillis(300));
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client().send("GET /svc/a HTTP/1.1\r\n");
    while (client.silentFor(20)) {
      client.send("a: b\r\n");
    }

    assertThat(client.readAnswer().head().status()).isEqualTo(408);
  }

  @Test
  void aConnectionThatSaysNothingIsClosedWithoutAnAnswer() throws Exception {
    edge.headerTimeout(Duration.ofMillis(100));
    edge.route(edge.answering(ok("hello")));

    assertThat(edge.client().readToEnd()).isEmpty();
    assertThat(edge.records()).isEmpty();
  }

  @Test
  void aSecondHeadIsBoundedAsWell() throws Exception {
    edge.headerTimeout(Duration.ofMillis(200));
    edge.route(edge.answering(ok("hello")));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readAnswer();
    assertThat(client.silentFor(400)).as("between requests keep-alive counts").isTrue();

    assertThat(client.send("G").readAnswer().head().status()).isEqualTo(408);
  }

  @Test
  void whileAnExchangeRunsNobodyIsLate() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.headerTimeout(Duration.ofMillis(100));
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              goOn.await();
              wire.send(ok("first"));
              wire.readHead();
              wire.send(ok("second"));
              wire.awaitEnd();
            }));
    String second = request("GET", "/svc/b");
    Wire client = edge.client().send(request("GET", "/svc/a"));
    await().until(() -> edge.drain().inFlight() == 1);
    client.send(second.substring(0, 10));
    assertThat(client.silentFor(300)).isTrue();
    goOn.countDown();

    assertThat(client.readAnswer().body()).isEqualTo("first");
    assertThat(client.send(second.substring(10)).readAnswer().body()).isEqualTo("second");
  }

  @Test
  void aHeadThatBeganBehindAnExchangeIsBoundedOnceThatIsOver() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.headerTimeout(Duration.ofMillis(100));
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              goOn.await();
              wire.send(ok("first"));
              wire.awaitEnd();
            }));
    Wire client = edge.client().send(request("GET", "/svc/a"));
    await().until(() -> edge.drain().inFlight() == 1);
    client.send("GET /svc/b HT");
    assertThat(client.silentFor(50)).isTrue();
    goOn.countDown();

    assertThat(client.readAnswer().body()).isEqualTo("first");
    assertThat(client.readAnswer().head().status()).isEqualTo(408);
  }

  @Test
  void whatIsTooMuchIsRefusedAtOnceAndWhatIsInFlightGoesOn() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    edge.overload(new Overload(1, 100));
    edge.route(
        edge.service(
            wire -> {
              wire.readHead();
              goOn.await();
              wire.send(ok("hello"));
              wire.awaitEnd();
            }));
    Wire running = edge.client().send(request("GET", "/svc/a"));
    await().until(() -> edge.drain().inFlight() == 1);
    Wire other = edge.client();

    Answer refused = other.send(request("GET", "/svc/b")).readAnswer();

    assertThat(refused.head().status()).isEqualTo(503);
    assertThat(refused.head().field("retry-after")).isEqualTo("1");
    assertThat(edge.record(0).flags()).containsExactly("OVERLOADED");
    goOn.countDown();
    assertThat(running.readAnswer().body()).isEqualTo("hello");
    edge.awaitIdle();
    assertThat(other.send(request("GET", "/local")).readAnswer().body()).isEqualTo("local");
  }
}

package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.await;
import static dev.headgate.edge.EdgeFixture.head;
import static dev.headgate.edge.EdgeFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Wire;
import dev.headgate.testing.Http2Wire.Frame;
import dev.headgate.testing.Http2Wire.Request;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that speak HTTP/2, and what they may do on a stream. */
@Timeout(60)
class Http2UpstreamIT {
  static final String ONCE = "retry: {max-attempts: 1}";
  static final String H2C = "protocol: h2c, connect-timeout: 5s";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private final LinkedBlockingQueue<Request> asked = new LinkedBlockingQueue<>();

  /** What a service does on one connection after the prefaces. */
  interface Script {
    void run(Http2Wire wire) throws Exception;
  }

  private RawUpstream service(Script script, int... settings) {
    RawUpstream service = edge.service(wire -> script.run(Http2Wire.accept(wire, settings)));
    edge.route(service, ONCE, H2C);
    return service;
  }

  /** Answers each request in turn, when it has been read whole. */
  private RawUpstream answering(String body) {
    return service(
        wire -> {
          while (true) {
            Request request = wire.readRequest();
            asked.add(request);
            if (!request.whole()) {
              wire.readBody(request.stream());
            }
            wire.answer(request.stream(), body);
          }
        });
  }

  @Test
  void aRequestGoesOutInTheWordsOfHttp2() throws Exception {
    RawUpstream service = answering("hello");

    Answer answer =
        edge.client()
            .send(
                head(
                    "GET /svc/a%2Fb?q=1;2 HTTP/1.1",
                    "Host: gateway",
                    "Connection: X-Hop, TE",
                    "X-Hop: 1",
                    "TE: gzip, trailers",
                    "Keep-Alive: 5",
                    "X-Many: a",
                    "x-many: b"))
            .readAnswer();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello");
    assertThat(answer.field("content-length")).isEqualTo("5");
    Head sent = asked.take().head();
    assertThat(sent.fields())
        .contains(
            ":method: GET",
            ":scheme: http",
            ":path: /svc/a%2Fb?q=1;2",
            ":authority: 127.0.0.1:" + service.port(),
            "te: trailers",
            "x-many: a",
            "x-many: b")
        .noneMatch(field -> field.matches("(host|connection|keep-alive|x-hop|.*[A-Z].*:).*"));
  }

  @Test
  void aBodyGoesUpAndDown() throws Exception {
    LinkedBlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    service(
        wire -> {
          while (true) {
            Request request = wire.readRequest();
            asked.add(request);
            bodies.add(wire.readBody(request.stream()));
            wire.answer(request.stream(), "taken");
          }
        });
    Wire client = edge.client();

    assertThat(client.send(request("POST", "/svc/a", "four")).readAnswer().body())
        .isEqualTo("taken");
    client.send("POST /svc/b HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n");
    client.sendChunk("some").sendChunk(" more").send("0\r\n\r\n");
    assertThat(client.readAnswer().body()).isEqualTo("taken");

    assertThat(bodies.take()).isEqualTo("four");
    assertThat(bodies.take()).isEqualTo("some more");
    assertThat(asked.take().field("content-length")).isEqualTo("4");
    assertThat(asked.take().field("content-length")).isEmpty();
    assertThat(edge.pool().open()).isEqualTo(1);
  }

  @Test
  void trailersGoBothWays() throws Exception {
    LinkedBlockingQueue<Head> trailers = new LinkedBlockingQueue<>();
    service(
        wire -> {
          Request request = wire.readRequest();
          Frame frame = wire.awaitOn(request.stream());
          while (frame.type() != Http2Wire.HEADERS) {
            frame = wire.awaitOn(request.stream());
          }
          trailers.add(wire.head(frame));
          wire.headers(request.stream(), false, ":status: 200");
          wire.data(request.stream(), "body", false);
          wire.headers(request.stream(), true, "grpc-status: 0", "host: no", "content-length: 9");
          wire.wire().awaitEnd();
        });
    Wire client =
        edge.client()
            .send("POST /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n")
            .sendChunk("hi")
            .send("0\r\nX-Sum: 1\r\nHost: no\r\n\r\n");

    Answer answer = client.readAnswer();

    assertThat(trailers.take().fields()).containsExactly("x-sum: 1");
    assertThat(answer.body()).isEqualTo("body");
    assertThat(answer.trailers()).containsExactly("grpc-status: 0");
  }

  @Test
  void interimResponsesPass() throws Exception {
    service(
        wire -> {
          Request request = wire.readRequest();
          wire.headers(request.stream(), false, ":status: 103", "link: </a>; rel=preload");
          wire.answer(request.stream(), "late");
          wire.wire().awaitEnd();
        });
    Wire client = edge.client().send(request("GET", "/svc/a"));

    Head early = client.readHead();

    assertThat(early.status()).isEqualTo(103);
    assertThat(early.field("link")).isEqualTo("</a>; rel=preload");
    assertThat(client.readAnswer().body()).isEqualTo("late");
  }

  @Test
  void expectIsTheServicesToAnswer() throws Exception {
    service(
        wire -> {
          while (true) {
            Request request = wire.readRequest();
            assertThat(request.field("expect")).isEqualTo("100-continue");
            if (request.head().target().endsWith("no")) {
              wire.headers(request.stream(), true, ":status: 417", "content-length: 0");
            } else {
              wire.headers(request.stream(), false, ":status: 100");
              wire.answer(request.stream(), wire.readBody(request.stream()));
            }
          }
        });
    Wire client = edge.client();
    String fields = " HTTP/1.1\r\nhost: g\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n";

    assertThat(client.send("PUT /svc/yes" + fields).readHead().status()).isEqualTo(100);
    assertThat(client.send("body").readAnswer().body()).isEqualTo("body");
    assertThat(client.send("PUT /svc/no" + fields).readAnswer().status()).isEqualTo(417);
  }

  @Test
  void manyStreamsShareAConnection() throws Exception {
    CountDownLatch all = new CountDownLatch(10);
    RawUpstream service =
        service(
            wire -> {
              List<Integer> streams = new ArrayList<>();
              for (int i = 0; i < 10; i++) {
                streams.add(wire.readRequest().stream());
                all.countDown();
              }
              for (int i = 9; i >= 0; i--) {
                wire.answer(streams.get(i), "stream " + streams.get(i));
              }
              wire.wire().awaitEnd();
            });
    // All on one event loop: HTTP/1.1 clients are spread over three.
    List<Wire> clients = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Wire client = edge.client();
      if (i % 3 == 0) {
        clients.add(client.send(request("GET", "/svc/" + i)));
      }
    }

    for (Wire client : clients) {
      assertThat(client.readAnswer().body()).startsWith("stream ");
    }
    assertThat(service.accepted()).isEqualTo(1);
  }

  @Test
  void theServicesLimitOfStreamsIsKept() throws Exception {
    RawUpstream service =
        service(
            wire -> {
              while (true) {
                int first = wire.readRequest().stream();
                int second = wire.readRequest().stream();
                wire.answer(first, "one");
                wire.answer(second, "two");
              }
            },
            Http2Wire.MAX_CONCURRENT_STREAMS,
            2);
    edge.route(service, ONCE, H2C + ", pool: {max-connections: 1}");
    List<Wire> clients = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Wire client = edge.client();
      if (i % 3 == 0) {
        clients.add(client.send(request("GET", "/svc/" + i)));
      }
    }

    for (Wire client : clients) {
      assertThat(client.readAnswer().status()).isEqualTo(200);
    }
    assertThat(service.accepted()).isEqualTo(1);
  }

  @Test
  void aFullConnectionIsJoinedByAnother() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    RawUpstream service =
        service(
            wire -> {
              Request request = wire.readRequest();
              both.countDown();
              both.await();
              wire.answer(request.stream(), "served");
              wire.wire().awaitEnd();
            },
            Http2Wire.MAX_CONCURRENT_STREAMS,
            1);
    Wire first = edge.client().send(request("GET", "/svc/a"));
    await().until(() -> both.getCount() == 1);
    edge.client();
    edge.client();
    Wire second = edge.client().send(request("GET", "/svc/b"));

    assertThat(first.readAnswer().body()).isEqualTo("served");
    assertThat(second.readAnswer().body()).isEqualTo("served");
    assertThat(service.accepted()).isEqualTo(2);
  }

  @Test
  void aServiceThatTakesNoStreamRefuses() throws Exception {
    service(wire -> wire.wire().awaitEnd(), Http2Wire.MAX_CONCURRENT_STREAMS, 0);

    Answer answer = edge.get("/svc/a");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("UPSTREAM_REFUSED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"204", "304"})
  void answersWithoutContent(String status) throws Exception {
    service(
        wire -> {
          while (true) {
            wire.headers(wire.readRequest().stream(), true, ":status: " + status);
          }
        });
    Wire client = edge.client();

    for (int i = 0; i < 2; i++) {
      Answer answer = client.send(request("GET", "/svc/a")).readAnswer();
      assertThat(answer.status()).isEqualTo(Integer.parseInt(status));
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void theLengthInAnAnswerToHeadStays() throws Exception {
    service(
        wire -> {
          while (true) {
            wire.headers(
                wire.readRequest().stream(), true, ":status: 200", "content-length: 12345");
          }
        });
    Wire client = edge.client();

    for (int i = 0; i < 2; i++) {
      Head head = client.send(request("HEAD", "/svc/a")).readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.field("content-length")).isEqualTo("12345");
    }
    assertThat(edge.record(0).flags()).isEmpty();
  }

  @Test
  void aClientThatGoesAwayCancelsItsStreamAndNothingElse() throws Exception {
    LinkedBlockingQueue<Frame> resets = new LinkedBlockingQueue<>();
    RawUpstream service =
        service(
            wire -> {
              int stream = wire.readRequest().stream();
              wire.headers(stream, false, ":status: 200").data(stream, "begun", false);
              resets.add(wire.await(Http2Wire.RST_STREAM));
              while (true) {
                wire.answer(wire.readRequest().stream(), "next");
              }
            });
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    client.reset();

    assertThat(resets.take().errorCode()).isEqualTo(8);
    edge.client();
    edge.client();
    assertThat(edge.get("/svc/b").body()).isEqualTo("next");
    assertThat(service.accepted()).isEqualTo(1);
  }

  @Test
  void anEarlyAnswerEndsTheUpload() throws Exception {
    LinkedBlockingQueue<Frame> resets = new LinkedBlockingQueue<>();
    service(
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 413", "content-length: 2").data(stream, "no", true);
          resets.add(wire.await(Http2Wire.RST_STREAM));
          wire.wire().awaitEnd();
        });
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 10\r\n\r\nabc");

    assertThat(client.readAnswer().status()).isEqualTo(413);
    assertThat(resets.take().errorCode()).isEqualTo(8);
  }

  @Test
  void anAnswerThatBeganWithTheUploadGoesOnWithIt() throws Exception {
    service(
        wire -> {
          int stream = wire.readRequest().stream();
          wire.headers(stream, false, ":status: 200").data(stream, "go on", false);
          String body = wire.readBody(stream);
          wire.data(stream, body, true);
          wire.wire().awaitEnd();
        });
    Wire client =
        edge.client().send("POST /svc/a HTTP/1.1\r\nhost: g\r\ncontent-length: 4\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readChunk()).isEqualTo("go on");

    client.send("more");

    assertThat(client.readChunk()).isEqualTo("more");
    assertThat(client.readChunk()).isEmpty();
  }

  @Test
  void aClientsBadBodyResetsTheStream() throws Exception {
    LinkedBlockingQueue<Frame> resets = new LinkedBlockingQueue<>();
    service(
        wire -> {
          wire.readRequest();
          resets.add(wire.await(Http2Wire.RST_STREAM));
          wire.wire().awaitEnd();
        });
    Wire client =
        edge.client()
            .send("POST /svc/a HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n")
            .sendChunk("good")
            .send("zz\r\n");

    assertThat(client.readAnswer().status()).isEqualTo(400);
    assertThat(resets.take().errorCode()).isEqualTo(8);
  }

  @Test
  void cookieCrumbsAndCapitalsAreOfNoConcern() throws Exception {
    answering("hello");

    edge.client()
        .send(head("GET /svc/a HTTP/1.1", "Host: g", "Cookie: a=1; b=2", "X-UPPER: V"))
        .readAnswer();

    assertThat(asked.take().head().fields()).contains("cookie: a=1; b=2", "x-upper: V");
  }

  @Test
  void aQuietConnectionIsClosedAfterMaxIdleInOrder() throws Exception {
    LinkedBlockingQueue<Frame> last = new LinkedBlockingQueue<>();
    RawUpstream service =
        service(
            wire -> {
              wire.answer(wire.readRequest().stream(), "hello");
              last.add(wire.await(Http2Wire.GOAWAY));
            });
    edge.route(service, ONCE, H2C + ", pool: {max-idle: 1s}");

    edge.get("/svc/a");

    await().until(() -> edge.pool().open() == 0);
    assertThat(last.take().type()).isEqualTo(Http2Wire.GOAWAY);
  }

  @Test
  void aServiceThatStallsIsGivenUpAndItsConnectionKept() throws Exception {
    RawUpstream service =
        service(
            wire -> {
              int stream = wire.readRequest().stream();
              wire.headers(stream, false, ":status: 200").data(stream, "begun", false);
              wire.await(Http2Wire.RST_STREAM);
              while (true) {
                wire.answer(wire.readRequest().stream(), "next");
              }
            });
    edge.route(service, ONCE + ", timeout: {idle: 200ms}", H2C);
    Wire client = edge.client().send(request("GET", "/svc/a"));
    client.readHead();

    client.awaitEnd();

    assertThat(edge.record(0).flags()).contains("UPSTREAM_IDLE_TIMEOUT");
    edge.client();
    edge.client();
    assertThat(edge.get("/svc/b").body()).isEqualTo("next");
    assertThat(service.accepted()).isEqualTo(1);
  }
}

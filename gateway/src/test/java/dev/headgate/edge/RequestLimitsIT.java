package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that are too large, on real connections. */
class RequestLimitsIT {
  private static final String LIMIT = "request-limits: {max-body: 10B, max-uri: 30B}";

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  @Test
  void aDeclaredLengthBeyondTheLimitNeverReachesTheService() throws Exception {
    RawUpstream service = edge.answering(EdgeFixture.ok("fine"));
    edge.route(service, LIMIT, "");

    Answer answer =
        edge.client().send(EdgeFixture.request("POST", "/svc", "x".repeat(11))).readAnswer();

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("PAYLOAD_TOO_LARGE");
    assertThat(service.accepted()).isZero();
    assertThat(
            edge.client()
                .send(EdgeFixture.request("POST", "/svc", "x".repeat(10)))
                .readAnswer()
                .body())
        .isEqualTo("fine");
  }

  @Test
  void aClientThatWaitsForTheGoAheadGetsTheRefusalInstead() throws Exception {
    RawUpstream service = edge.answering(EdgeFixture.ok("fine"));
    edge.route(service, LIMIT, "");

    Wire client =
        edge.client()
            .send(
                EdgeFixture.head(
                    "PUT /svc HTTP/1.1",
                    "host: gateway",
                    "content-length: 3000000000",
                    "expect: 100-continue"));

    assertThat(client.readHead().status()).as("the first thing that comes").isEqualTo(413);
    assertThat(service.accepted()).isZero();
  }

  @Test
  void aBodyThatGrowsBeyondTheLimitIsCutOffAtTheService() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              StringBuilder body = new StringBuilder();
              try {
                for (String chunk = wire.readChunk(); !chunk.isEmpty(); chunk = wire.readChunk()) {
                  body.append(chunk);
                }
                seen.complete("whole: " + body);
              } catch (java.io.IOException e) {
                seen.complete("cut: " + body);
              }
            });
    edge.route(service, LIMIT, "");

    Wire client =
        edge.client()
            .send(
                EdgeFixture.head(
                    "POST /svc HTTP/1.1", "host: gateway", "transfer-encoding: chunked"))
            .sendChunk("12345");
    EdgeFixture.await().until(() -> service.open() == 1);
    client.sendChunk("67890").sendChunk("1");

    Answer answer = client.readAnswer();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(seen.get(10, TimeUnit.SECONDS))
        .startsWith("cut: ")
        .doesNotContain("1234567890" + "1");
    assertThat(edge.record(0).flags()).containsExactly("PAYLOAD_TOO_LARGE");
  }

  @Test
  void anAnswerThatHasBegunIsCutToo() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").sendChunk("early");
              wire.awaitEnd();
            });
    edge.route(service, LIMIT, "");

    Wire client =
        edge.client()
            .send(
                EdgeFixture.head(
                    "POST /svc HTTP/1.1", "host: gateway", "transfer-encoding: chunked"))
            .sendChunk("12345");
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readChunk()).isEqualTo("early");
    client.sendChunk("67890+");

    client.awaitEnd();
    assertThat(edge.record(0).flags()).contains("PAYLOAD_TOO_LARGE");
  }

  @Test
  void aChunkedBodyWithinTheLimitPassesWithItsTrailers() throws Exception {
    RawUpstream service = edge.answering(EdgeFixture.ok("fine"));
    edge.route(service, LIMIT, "");

    Answer answer =
        edge.client()
            .send(
                EdgeFixture.head(
                    "POST /svc HTTP/1.1", "host: gateway", "transfer-encoding: chunked"))
            .sendChunk("1234567890")
            .send("0\r\nx-sum: 10\r\n\r\n")
            .readAnswer();

    assertThat(answer.body()).isEqualTo("fine");
    assertThat(service.requests().get(0).body()).isEqualTo("1234567890");
    assertThat(service.requests().get(0).trailers()).containsExactly("x-sum: 10");
  }

  @Test
  void aLongTargetIsRefused() throws Exception {
    RawUpstream service = edge.answering(EdgeFixture.ok("fine"));
    edge.route(service, LIMIT, "");

    assertThat(edge.get("/svc?" + "x".repeat(26)).status()).isEqualTo(414);
    assertThat(edge.get("/svc?" + "x".repeat(25)).status()).isEqualTo(200);
  }
}

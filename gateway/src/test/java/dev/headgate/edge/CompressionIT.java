package dev.headgate.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Compressed answers on real connections. */
class CompressionIT {
  private static final String CONFIG = "compression: {min-size: 0B}";
  private static final String SOME_TEXT = "a line of some text\n".repeat(20_000);

  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private static String get(String... fields) {
    return EdgeFixture.head("GET /svc HTTP/1.1", "host: gateway", String.join("\r\n", fields));
  }

  private static String plain(String gzip) throws IOException {
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(gzip.getBytes(ISO_8859_1))).readAllBytes(),
        ISO_8859_1);
  }

  private static String text(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\netag: \"1\"\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void aSmallAnswerIsSentWholeWithItsLength() throws IOException {
    edge.route(edge.answering(text("some text ".repeat(100))), CONFIG, "");

    Wire client = edge.client();
    for (int i = 0; i < 3; i++) {
      Answer answer = client.send(get("accept-encoding: gzip")).readAnswer();
      assertThat(answer.field("content-encoding")).isEqualTo("gzip");
      assertThat(answer.field("content-length")).isEqualTo(answer.body().length() + "");
      assertThat(answer.field("vary")).isEqualTo("Accept-Encoding");
      assertThat(answer.field("etag")).isEqualTo("W/\"1\"");
      assertThat(plain(answer.body())).isEqualTo("some text ".repeat(100));
    }
  }

  @Test
  void aLongAnswerIsStreamed() throws IOException {
    edge.route(edge.answering(text(SOME_TEXT)), CONFIG, "");

    Answer answer = edge.client().send(get("accept-encoding: gzip")).readAnswer();

    assertThat(answer.field("transfer-encoding")).isEqualTo("chunked");
    assertThat(answer.field("content-length")).isNull();
    assertThat(answer.body().length()).isLessThan(SOME_TEXT.length() / 5);
    assertThat(plain(answer.body())).isEqualTo(SOME_TEXT);
    assertThat(edge.record(0).bytesOut()).isEqualTo(answer.body().length());
  }

  @Test
  void aLongAnswerOfTheGatewayItselfIsToo() throws IOException {
    edge.table(
        """
        upstreams: {}
        routes:
          page:
            match: {path: /page}
            respond: {status: 200, content-type: text/plain, body: "%s"}
            compression: {}
        """
            .formatted("a line of some text ".repeat(10_000)));

    Answer answer =
        edge.client()
            .send(EdgeFixture.head("GET /page HTTP/1.1", "host: gateway", "accept-encoding: gzip"))
            .readAnswer();

    assertThat(plain(answer.body())).isEqualTo("a line of some text ".repeat(10_000));
  }

  @Test
  void eachEventArrivesBeforeTheNextIsMade() throws Exception {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(
                  EdgeFixture.head(
                      "HTTP/1.1 200 OK",
                      "content-type: text/event-stream",
                      "transfer-encoding: chunked"));
              for (int i = 0; i < 3; i++) {
                wire.sendChunk("data: " + i + "\n\n");
                // The next is made only when the client has said that it read this one.
                wire.readLine();
              }
              wire.send("0\r\n\r\n");
            });
    edge.route(service, CONFIG, "");
    Wire client =
        edge.client()
            .send(
                EdgeFixture.head(
                    "POST /svc HTTP/1.1",
                    "host: gateway",
                    "accept-encoding: gzip",
                    "transfer-encoding: chunked"));
    assertThat(client.readHead().field("content-encoding")).isEqualTo("gzip");
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      seen.append(client.readChunk());
      String expected = "data: " + i + "\n\n";
      assertThat(soFar(seen.toString(), (i + 1) * expected.length())).endsWith(expected);
      client.sendChunk("read\n");
    }
    while (true) {
      String chunk = client.readChunk();
      if (chunk.isEmpty()) {
        break;
      }
      seen.append(chunk);
    }
    assertThat(plain(seen.toString())).endsWith("data: 2\n\n");
    client.send("0\r\n\r\n");
  }

  private static String soFar(String gzip, int bytes) throws IOException {
    byte[] read =
        new GZIPInputStream(new ByteArrayInputStream(gzip.getBytes(ISO_8859_1))).readNBytes(bytes);
    return new String(read, ISO_8859_1);
  }

  @Test
  void aClientThatGoesAwayInTheMiddleLeavesNothingBehind() throws IOException {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(
                  EdgeFixture.head(
                      "HTTP/1.1 200 OK", "content-type: text/plain", "transfer-encoding: chunked"));
              for (int i = 0; true; i++) {
                wire.sendChunk(Integer.toString(i * 0x9E3779B9, 36).repeat(2_000));
              }
            });
    edge.route(service, CONFIG, "");
    for (String coding : new String[] {"gzip", "br", "zstd"}) {
      Wire client = edge.slowReadingClient().send(get("accept-encoding: " + coding));
      assertThat(client.readHead().field("content-encoding")).isEqualTo(coding);
      client.readChunk();
      client.reset();
    }
    edge.awaitIdle();
    assertThat(edge.record(2).flags()).contains("CLIENT_ABORTED");
  }

  @Test
  void aServiceThatBreaksOffIsNotMadeToLookComplete() throws IOException {
    RawUpstream service =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(
                      EdgeFixture.head(
                          "HTTP/1.1 200 OK",
                          "content-type: text/plain",
                          "transfer-encoding: chunked"))
                  .sendChunk("some");
            });
    edge.route(service, CONFIG, "");

    Wire client = edge.client().send(get("accept-encoding: gzip"));
    client.readHead();

    assertThat(client.readToEnd()).doesNotEndWith("0\r\n\r\n");
  }

  @Test
  void aHeadSaysNoLengthAndKeepsTheConnection() throws IOException {
    RawUpstream service =
        edge.answering(
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5000\r\n\r\n");
    edge.route(service, CONFIG, "");

    Wire client = edge.client();
    for (int i = 0; i < 2; i++) {
      var head =
          client
              .send(
                  EdgeFixture.head("HEAD /svc HTTP/1.1", "host: gateway", "accept-encoding: gzip"))
              .readHead();
      assertThat(head.field("content-encoding")).isEqualTo("gzip");
      assertThat(head.field("content-length")).isNull();
    }
  }
}

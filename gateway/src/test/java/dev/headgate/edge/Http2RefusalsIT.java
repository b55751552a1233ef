package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Head;
import dev.headgate.testing.Http2Client;
import dev.headgate.testing.Http2Reply;
import dev.headgate.testing.RawUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound requests over HTTP/2 that are refused all the same, as they are over HTTP/1.1. */
class Http2RefusalsIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private static Head asked(RawUpstream service) {
    return service.requests().get(0).head();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /svc/../local, 400",
    "GET, /svc/%2e%2e/local, 400",
    "GET, /svc/./a, 400",
    "GET, /svc\\a, 400",
    "GET, /svc/a%00b, 400",
    "GET, /svc/a#b, 400",
    "GET, *, 400",
    "GET, /nowhere, 200", // Spring's
    "POST, /get-only, 405",
    "CONNECT, /svc/a, 0"
  })
  void refusesWhatItRefusesInHttp1(String method, String path, int status) throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.open(true, method, path));

    if (status == 0) {
      assertThat(reply.reset()).isNotNull();
    } else {
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.field("x-request-id")).isNotNull();
    }
    assertThat(service.accepted()).isZero();
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
  }

  @Test
  void methodNotAllowedNamesThoseThatAre() throws Exception {
    edge.route(edge.answering(ok("never")));
    Http2Client client = edge.http2();

    Http2Reply reply = client.answer(client.open(true, "DELETE", "/get-only"));

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.field("allow")).contains("GET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway:80", "/svc/a", "/local"})
  void connectIsRefusedWhateverItNames(String authority) throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Http2Client client = edge.http2();
    int stream = client.nextStream();

    client.headers(stream, false, ":method: CONNECT", ":authority: " + authority);

    assertThat(client.answer(stream).status()).isIn(400, 501);
    assertThat(service.accepted()).isZero();
  }

  @Test
  void methodsNobodyKnowsPass() throws Exception {
    RawUpstream service = edge.answering(ok("hello"));
    edge.route(service);
    Http2Client client = edge.http2();

    assertThat(client.answer(client.open(true, "PURGE-ALL", "/svc/a")).status()).isEqualTo(200);

    assertThat(asked(service).startLine()).startsWith("PURGE-ALL /svc/a");
  }

  @Test
  void aHeaderSectionThatIsTooLargeIsRefusedAndTheConnectionGoesOn() throws Exception {
    RawUpstream service = edge.answering(ok("never"));
    edge.route(service);
    Http2Client client = edge.http2();
    String[] fields = new String[5];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = "x-" + i + ": " + "v".repeat(3_000);
    }
    int stream = client.get("/svc/a", fields);
    assertThat(client.answer(stream).status()).isEqualTo(200);
    String[] many = new String[1_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = "x: y";
    }

    Http2Reply reply = client.answer(client.get("/svc/a", many));

    assertThat(reply.status()).isEqualTo(431);
    assertThat(service.requests()).hasSize(1);
    assertThat(client.answer(client.get("/local")).status()).isEqualTo(200);
  }
}

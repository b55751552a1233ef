package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertNotStored;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.Reply.ok;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept is whole, and the bytes that the service sent (RFC 9111, sections 3.1 to 3.4). */
@Once
class CompletenessIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final String FRESH = "Cache-Control: max-age=60";

  private final Page page = CacheGateway.plain();

  /** 3.3: an incomplete answer is not used. The client of it may see a 502 or a broken answer. */
  private static void assertNeverServed(Page page) throws Exception {
    Response broken = responseOrNothing(page);
    assertThat(broken.complete() && broken.status() == 200).as("%s", broken).isFalse();

    Response next = page.get();

    assertForwarded(next, "uri-miss");
    assertThat(next.text()).isEqualTo("answer 2");
    assertThat(assertHit(page.get()).text()).isEqualTo("answer 2");
  }

  private static Response responseOrNothing(Page page) throws IOException {
    try (RawHttp http = page.begin("GET")) {
      return http.response("GET");
    }
  }

  @Test
  void anAnswerThatEndsBeforeItsLengthIsNeverServedAgain() throws Exception {
    assertNeverServed(page.answers(Reply.cutShort(FRESH), ok(FRESH)));
  }

  @Test
  void norOneWithoutItsLastChunk() throws Exception {
    assertNeverServed(page.answers(Reply.cutChunked(FRESH), ok(FRESH)));
  }

  @Test
  void norOneWithABrokenChunk() throws Exception {
    Reply broken =
        (connection, request, number) -> {
          connection.write(
              "HTTP/1.1 200 OK\r\n" + FRESH + "\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.write("5\r\nfirst\r\nzz\r\nsecond\r\n0\r\n\r\n");
          return false;
        };
    assertNeverServed(page.answers(broken, ok(FRESH)));
  }

  @Test
  void norOneThatTheServiceResets() throws Exception {
    Reply broken =
        (connection, request, number) -> {
          connection.write("HTTP/1.1 200 OK\r\n" + FRESH + "\r\nContent-Length: 10\r\n\r\nfirst");
          connection.reset();
          return false;
        };
    assertNeverServed(page.answers(broken, ok(FRESH)));
  }

  /** RFC 9112, 8: without a length the end of the connection is the end of the answer. */
  @Test
  void anAnswerThatEndsWithItsConnectionIsWhole() throws Exception {
    Response again = assertStored(page.answers(Reply.untilClose("all of it", FRESH)));

    assertThat(again.text()).isEqualTo("all of it");
    assertThat(again.complete()).isTrue();
  }

  @Test
  void anAnswerInChunksIsWhole() throws Exception {
    Response again = assertStored(page.answers(Reply.chunked("all of it", FRESH)));

    assertThat(again.text()).isEqualTo("all of it");
  }

  /** 3.1: they may be dropped, or kept apart; they are never among the headers. */
  @Test
  void trailersDoNotBecomeHeaders() throws Exception {
    page.answers(Reply.trailed("text", "X-Sum: 42", FRESH, "Trailer: X-Sum"));
    assertThat(raw(page)).contains("text");

    String again = raw(page);

    assertThat(page.count()).isOne();
    String head = again.substring(0, again.indexOf("\r\n\r\n"));
    assertThat(head.toLowerCase(java.util.Locale.ROOT)).doesNotContain("\r\nx-sum:");
    assertThat(again).contains("text");
  }

  private static String raw(Page page) throws IOException {
    try (RawHttp http = page.begin("GET", "Connection: close")) {
      return new String(http.rest(), ISO_8859_1);
    }
  }

  @Test
  void whatIsLargerThanMaxEntryPassesWholeAndIsNotStored() throws Exception {
    Page small = CacheGateway.page("/small").answers(Reply.body("x".repeat(8_000), FRESH));

    Response again = assertNotStored(small);

    assertThat(again.body()).hasSize(8_000);
  }

  @Test
  void soDoesOneOfUnknownLength() throws Exception {
    Page small = CacheGateway.page("/small").answers(Reply.chunked("x".repeat(8_000), FRESH));

    assertThat(small.get().body()).hasSize(8_000);
    Response again = small.get();

    assertThat(again.body()).hasSize(8_000);
    assertThat(again.complete()).isTrue();
    assertForwarded(again, "uri-miss");
    assertThat(small.count()).isEqualTo(2);
  }

  @Test
  void whatFitsIsStored() throws Exception {
    assertStored(CacheGateway.page("/small").answers(Reply.body("x".repeat(3_000), FRESH)));
  }

  /** RFC 9111, 3.3. */
  @Test
  void aPartialAnswerIsNotTakenForTheWhole() throws Exception {
    page.answers(
        Reply.status(206, FRESH, "ETag: \"a\"", "Content-Range: bytes 0-7/100"), ok(FRESH));
    Response part = page.get("Range: bytes=0-7");
    assertThat(part.status()).isEqualTo(206);

    Response whole = page.get();

    assertForwarded(whole, "partial");
    assertThat(whole.status()).isEqualTo(200);
  }

  /** Bytes are kept as they came, and the field that says how they are coded with them. */
  @Test
  void codedContentIsServedAsItCame() throws Exception {
    page.answers(Reply.body("\u001f\u008b\u0000\u00ff", FRESH, "Content-Encoding: gzip"));

    Response again = assertStored(page);

    assertThat(again.need("content-encoding")).isEqualTo("gzip");
    assertThat(again.body()).containsExactly(0x1f, 0x8b, 0x00, 0xff);
  }

  /** What the gateway compresses for one is not what another gets, or can read. */
  @Test
  void compressionIsForEachClientAsItAsks() throws Exception {
    String text = "all the same ".repeat(400);
    Page packed =
        CacheGateway.page("/packed").answers(Reply.body(text, FRESH, "Content-Type: text/plain"));

    Response first = packed.get("Accept-Encoding: gzip");
    Response plain = assertHit(packed.get());
    Response again = assertHit(packed.get("Accept-Encoding: gzip"));

    assertThat(plain.text()).isEqualTo(text);
    assertThat(plain.header("content-encoding")).isNull();
    for (Response coded : new Response[] {first, again}) {
      assertThat(coded.need("content-encoding")).isEqualTo("gzip");
      assertThat(unpacked(coded)).isEqualTo(text);
    }
  }

  private static String unpacked(Response response) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  /** 5.2.2.6, and 5.2.1.6 for the request. */
  @ParameterizedTest
  @ValueSource(strings = {"max-age=60, no-transform", "no-transform, max-age=60"})
  void noTransformLeavesTheContentAsItIs(String directives) throws Exception {
    String text = "all the same ".repeat(400);
    Page packed = CacheGateway.page("/packed");
    packed.answers(Reply.body(text, "Content-Type: text/plain", "Cache-Control: " + directives));

    Response first = packed.get("Accept-Encoding: gzip");
    Response again = assertHit(packed.get("Accept-Encoding: gzip"));

    for (Response response : new Response[] {first, again}) {
      assertThat(response.header("content-encoding")).isNull();
      assertThat(response.text()).isEqualTo(text);
    }
  }
}

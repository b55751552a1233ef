package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.fresh;
import static dev.headgate.policy.cache.Samples.head;
import static dev.headgate.policy.cache.Samples.stored;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayResponse;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final String[] FIELDS = {
    "etag: \"a\"",
    "age: 3",
    "cache-control: max-age=60",
    "content-type: text/plain",
    "content-length: 10",
    "content-language: en",
    "x-a: 1",
    "x-a: 2"
  };
  private final Stored answer = stored(head(200, fresh(60), FIELDS), "0123456789");

  @AfterEach
  void nothingIsHeld() {
    assertThat(answer.content().refCnt()).isEqualTo(1);
    answer.letGo();
  }

  private GatewayResponse give(String... request) {
    return Answers.of(answer, fields(request), false, 7);
  }

  private static String content(GatewayResponse response) {
    if (!(response.body() instanceof FullBody full)) {
      return "";
    }
    ByteBuf content = full.take();
    String text = content.toString(ISO_8859_1);
    content.release();
    return text;
  }

  @Test
  void theWholeHasItsFieldsAndItsAge() {
    GatewayResponse response = give();

    assertThat(response.status().code()).isEqualTo(200);
    assertThat(response.headers().getAll("age")).containsExactly("7");
    assertThat(response.headers().getAll("x-a")).containsExactly("1", "2");
    assertThat(response.body().length()).isEqualTo(10);
    assertThat(content(response)).isEqualTo("0123456789");
    response.headers().set("x-a", "changed");
    assertThat(answer.head().headers().getAll("x-a")).containsExactly("1", "2");
  }

  @Test
  void readingOneAnswerMovesNoOther() {
    GatewayResponse first = give();
    GatewayResponse second = give();

    assertThat(content(first)).isEqualTo("0123456789");
    assertThat(content(second)).isEqualTo("0123456789");
  }

  // RFC 9110 section 15.4.5.
  @Test
  void whoHasItGetsA304WithoutWhatDescribesTheContent() {
    GatewayResponse response = give("if-none-match: \"a\"");

    assertThat(response.status().code()).isEqualTo(304);
    assertThat(response.body().length()).isZero();
    assertThat(response.headers().names())
        .containsExactlyInAnyOrder("etag", "age", "cache-control", "x-a");
  }

  @Test
  void conditionsAreForA200Only() {
    Stored missing = stored(head(404, fresh(60), FIELDS), "none");
    GatewayResponse response =
        Answers.of(missing, fields("if-none-match: \"a\"", "range: bytes=0-1"), false, 7);

    assertThat(response.status().code()).isEqualTo(404);
    assertThat(content(response)).isEqualTo("none");
    missing.letGo();
  }

  @Test
  void headGetsTheLengthAndNoContent() {
    Stored chunked = stored(head(200, fresh(60), "x: y"), "0123456789");
    GatewayResponse response = Answers.of(chunked, fields("range: bytes=0-1"), true, 7);

    assertThat(response.status().code()).isEqualTo(200);
    assertThat(response.headers().get("content-length")).isEqualTo("10");
    assertThat(response.body().length()).isZero();
    assertThat(chunked.content().refCnt()).isEqualTo(1);
    chunked.letGo();
  }

  // RFC 9110 sections 14 and 15.3.7.
  @Test
  void aRangeGetsAPart() {
    GatewayResponse response = give("range: bytes=3-5");

    assertThat(response.status().code()).isEqualTo(206);
    assertThat(response.headers().get("content-range")).isEqualTo("bytes 3-5/10");
    assertThat(response.headers().get("content-length")).isEqualTo("3");
    assertThat(response.headers().get("etag")).isEqualTo("\"a\"");
    assertThat(response.headers().get("age")).isEqualTo("7");
    assertThat(content(response)).isEqualTo("345");
  }

  @Test
  void aRangeBehindTheEndGetsA416ThatNobodyKeeps() {
    HttpHeaders headers = give("range: bytes=10-").headers();

    assertThat(give("range: bytes=10-").status().code()).isEqualTo(416);
    assertThat(headers.get("content-range")).isEqualTo("bytes */10");
    assertThat(headers.names()).containsExactlyInAnyOrder("age", "content-range", "x-a");
  }

  @Test
  void ofAnotherAnswerThereIsNoPart() {
    GatewayResponse other = give("range: bytes=3-5", "if-range: \"b\"");
    assertThat(other.status().code()).isEqualTo(200);
    assertThat(content(other)).isEqualTo("0123456789");

    GatewayResponse same = give("range: bytes=3-5", "if-range: \"a\"");
    assertThat(same.status().code()).isEqualTo(206);
    assertThat(content(same)).isEqualTo("345");
  }

  // RFC 9110 section 13.2.2.
  @Test
  void whoHasItGetsNoPart() {
    assertThat(give("range: bytes=3-5", "if-none-match: \"a\"").status().code()).isEqualTo(304);
  }

  @Test
  void trailersGoAlong() {
    Stored trailed =
        Stored.of(head(200, fresh(60), "x: y"), Samples.bytes("abc"), fields("digest: 1"));
    GatewayResponse whole = Answers.of(trailed, fields(), false, 7);
    assertThat(whole.body().trailers().get("digest")).isEqualTo("1");
    assertThat(whole.body().length()).isEqualTo(-1);
    assertThat(content(whole)).isEqualTo("abc");

    GatewayResponse part = Answers.of(trailed, fields("range: bytes=0-0"), false, 7);
    assertThat(part.body().trailers().isEmpty()).isTrue();
    assertThat(content(part)).isEqualTo("a");
    trailed.letGo();
  }
}

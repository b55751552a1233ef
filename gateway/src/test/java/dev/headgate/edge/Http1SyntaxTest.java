package dev.headgate.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headgate.exchange.FailureReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused and what is not; each case whole, octet by octet and split at every place. */
class Http1SyntaxTest {
  private static final String GOOD = "GET /good HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String GOOD_CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  private static final String LINE = "GET / HTTP/1.1\r\n";
  private static final String CHUNKED = LINE + "transfer-encoding: chunked\r\n\r\n";

  /** A verdict, and how much of the stream was let through before it. */
  record Verdict(@Nullable Http1Offence offence, boolean inHead, int passed) {}

  static Verdict follow(String stream, List<Integer> cuts) {
    Http1Syntax syntax = new Http1Syntax(100);
    ByteBuf all = Unpooled.copiedBuffer(stream, ISO_8859_1);
    List<Integer> ends = new ArrayList<>(cuts);
    ends.add(stream.length());
    int from = 0;
    for (int end : ends) {
      // A buffer of its own, so that nothing beyond what was read can be looked at.
      ByteBuf read = Unpooled.copiedBuffer(all.slice(from, end - from));
      int passed = syntax.accept(read, 0, end - from);
      if (syntax.offence() != null) {
        return new Verdict(syntax.offence(), syntax.inHead(), from + passed);
      }
      assertThat(passed).isEqualTo(end - from);
      from = end;
    }
    return new Verdict(null, syntax.inHead(), from);
  }

  static List<List<Integer>> splits(String stream) {
    List<List<Integer>> splits = new ArrayList<>();
    List<Integer> everywhere = new ArrayList<>();
    splits.add(List.of());
    for (int i = 1; i < stream.length(); i++) {
      splits.add(List.of(i));
      everywhere.add(i);
    }
    splits.add(everywhere);
    return splits;
  }

  @ParameterizedTest
  @MethodSource
  void refuses(Http1Offence expected, String request) {
    for (String before : List.of("", GOOD, GOOD_CHUNKED)) {
      String stream = before + request;
      for (List<Integer> split : splits(stream)) {
        Verdict verdict = follow(stream, split);
        assertThat(verdict.offence()).as("%s after %s", request, split).isEqualTo(expected);
        if (verdict.inHead() && split.isEmpty()) {
          assertThat(stream.substring(0, verdict.passed())).isIn("", GOOD, GOOD_CHUNKED);
        }
      }
    }
  }

  static Stream<Arguments> refuses() {
    return Stream.of(
        arguments(Http1Offence.BARE_LF, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        arguments(Http1Offence.BARE_LF, LINE + "Host: a\nX: 1\r\n\r\n"),
        arguments(Http1Offence.BARE_LF, LINE + "Host: a\r\n\n"),
        arguments(Http1Offence.BARE_LF, LINE + "Content-Length: 3\n\r\nabc"),
        arguments(Http1Offence.BARE_LF, LINE + "NoColon\n\r\n"),
        arguments(Http1Offence.BARE_LF, "GET /\n"),
        arguments(Http1Offence.BARE_LF, CHUNKED + "3\nabc\r\n"),
        arguments(Http1Offence.BARE_LF, CHUNKED + "3;a\nabc\r\n"),
        arguments(Http1Offence.BARE_LF, CHUNKED + "3;a=\"\nabc\r\n"),
        arguments(Http1Offence.BARE_LF, CHUNKED + "0\r\n\n"),
        arguments(Http1Offence.BARE_CR, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        arguments(Http1Offence.BARE_CR, LINE + "Host: a\rX: 1\r\n\r\n"),
        arguments(Http1Offence.BARE_CR, LINE + "Host: a\r\r\n\r\n"),
        arguments(Http1Offence.BARE_CR, LINE + "Host: a\r\n\rX"),
        arguments(Http1Offence.BARE_CR, CHUNKED + "3\rabc"),
        arguments(Http1Offence.BARE_CR, CHUNKED + "0\r\n\rX"),
        arguments(Http1Offence.BAD_METHOD, "G@T / HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_METHOD, "GET\t/ HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_METHOD, "GET\r\n\r\n"),
        arguments(Http1Offence.BAD_METHOD, " GET / HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_METHOD, "\u0016\u0003\u0001\u0002"),
        arguments(Http1Offence.BAD_METHOD, "G\u00c9T / HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_TARGET, "GET  / HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_TARGET, "GET /\tHTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_TARGET, "GET /\r\n\r\n"),
        arguments(Http1Offence.BAD_TARGET, "GET /b\u0001ad HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_TARGET, "GET /b\u0000ad HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_TARGET, "GET /0123456789\u007fabcdefgh HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_TARGET, "GET /0123456789\u00e9abcdefgh HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET /  HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / a HTTP/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / \r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / http/1.1\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / HTTP/1.1 \r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / HTTP/1.10\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / HTTP/1\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / HTTP/1,1\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / HTTP/1.x\r\n\r\n"),
        arguments(Http1Offence.BAD_VERSION, "GET / HTTPS/1.1\r\n\r\n"),
        arguments(Http1Offence.OTHER_MAJOR_VERSION, "GET / HTTP/3.1\r\n\r\n"),
        arguments(Http1Offence.OTHER_MAJOR_VERSION, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        arguments(Http1Offence.OTHER_MAJOR_VERSION, "GET / HTTP/0.9\r\n\r\n"),
        arguments(Http1Offence.FOLDED_LINE, LINE + "X: 1\r\n folded\r\n\r\n"),
        arguments(Http1Offence.FOLDED_LINE, LINE + "X: 1\r\n\tfolded\r\n\r\n"),
        arguments(Http1Offence.FOLDED_LINE, LINE + " Host: a\r\n\r\n"),
        arguments(Http1Offence.FOLDED_LINE, LINE + "X: 1\r\n \r\n\r\n"),
        arguments(Http1Offence.FOLDED_LINE, CHUNKED + "0\r\nX: 1\r\n y\r\n\r\n"),
        arguments(Http1Offence.EMPTY_NAME, LINE + ": a\r\n\r\n"),
        arguments(Http1Offence.NO_COLON, LINE + "NoColon\r\n\r\n"),
        arguments(Http1Offence.SPACE_BEFORE_COLON, LINE + "Host : a\r\n\r\n"),
        arguments(Http1Offence.SPACE_BEFORE_COLON, LINE + "Host\t: a\r\n\r\n"),
        arguments(Http1Offence.SPACE_BEFORE_COLON, LINE + "Content-Length : 3\r\n\r\n"),
        arguments(Http1Offence.SPACE_BEFORE_COLON, CHUNKED + "0\r\nX : 1\r\n\r\n"),
        arguments(Http1Offence.BAD_NAME, LINE + "X\u0000: b\r\n\r\n"),
        arguments(Http1Offence.BAD_NAME, LINE + "X(y): b\r\n\r\n"),
        arguments(Http1Offence.BAD_NAME, LINE + "\u00e9: b\r\n\r\n"),
        arguments(Http1Offence.BAD_NAME, LINE + "\"x\": b\r\n\r\n"),
        arguments(Http1Offence.CONTROL_IN_VALUE, LINE + "X: a\u0000b\r\n\r\n"),
        arguments(Http1Offence.CONTROL_IN_VALUE, LINE + "X: 0123456789\u001fabcdefgh\r\n\r\n"),
        arguments(Http1Offence.CONTROL_IN_VALUE, LINE + "X: 0123456789\u007fabcdefgh\r\n\r\n"),
        arguments(Http1Offence.CONTROL_IN_VALUE, LINE + "X: a\u000bb\r\n\r\n"),
        arguments(Http1Offence.CONTROL_IN_VALUE, LINE + "Transfer-Encoding:\u000bchunked\r\n\r\n"),
        arguments(Http1Offence.CONTROL_IN_VALUE, LINE + "Content-Length: 3\u0000\r\n\r\n"),
        arguments(Http1Offence.CONTROL_IN_VALUE, CHUNKED + "0\r\nX: \u0001\r\n\r\n"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length:\r\n\r\n"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: \t\r\n\r\n"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: +3\r\n\r\nabc"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: -3\r\n\r\nabc"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: 0x3\r\n\r\nabc"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: 3 4\r\n\r\nabc"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: 3, 3\r\n\r\nabc"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: 3,\r\n\r\nabc"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: 9223372036854775808\r\n\r\n"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: 99999999999999999999\r\n\r\n"),
        arguments(Http1Offence.BAD_LENGTH, LINE + "Content-Length: 00000000000000000003\r\n\r\n"),
        arguments(
            Http1Offence.LENGTH_TWICE, LINE + "Content-Length: 3\r\ncontent-length: 3\r\n\r\n"),
        arguments(
            Http1Offence.LENGTH_TWICE, LINE + "Content-Length: 0\r\nContent-Length: 4\r\n\r\n"),
        arguments(
            Http1Offence.LENGTH_AND_CODING,
            LINE + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
        arguments(
            Http1Offence.LENGTH_AND_CODING,
            LINE + "TRANSFER-ENCODING: chunked\r\nX: y\r\nCONTENT-LENGTH: 0\r\n\r\n"),
        arguments(
            Http1Offence.CODING_IN_HTTP_1_0,
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        arguments(Http1Offence.BAD_CODING, LINE + "Transfer-Encoding:\r\n\r\n"),
        arguments(Http1Offence.BAD_CODING, LINE + "Transfer-Encoding: ,chunked\r\n\r\n"),
        arguments(Http1Offence.BAD_CODING, LINE + "Transfer-Encoding: chunked,\r\n\r\n"),
        arguments(Http1Offence.BAD_CODING, LINE + "Transfer-Encoding: chunked, identity\r\n\r\n"),
        arguments(Http1Offence.BAD_CODING, LINE + "Transfer-Encoding: chunked chunked\r\n\r\n"),
        arguments(Http1Offence.BAD_CODING, LINE + "Transfer-Encoding: chunked;q=1\r\n\r\n"),
        arguments(Http1Offence.BAD_CODING, LINE + "Transfer-Encoding: \"chunked\"\r\n\r\n"),
        arguments(
            Http1Offence.BAD_CODING,
            LINE + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"),
        arguments(Http1Offence.UNKNOWN_CODING, LINE + "Transfer-Encoding: xchunked\r\n\r\n"),
        arguments(Http1Offence.UNKNOWN_CODING, LINE + "Transfer-Encoding: chunkedx\r\n\r\n"),
        arguments(Http1Offence.UNKNOWN_CODING, LINE + "Transfer-Encoding: chun ked\r\n\r\n"),
        arguments(Http1Offence.UNKNOWN_CODING, LINE + "Transfer-Encoding: chunke\r\n\r\n"),
        arguments(Http1Offence.UNKNOWN_CODING, LINE + "Transfer-Encoding: gzip, chunked\r\n\r\n"),
        arguments(Http1Offence.UNKNOWN_CODING, LINE + "Transfer-Encoding: identity\r\n\r\n"),
        arguments(
            Http1Offence.OLD_WEBSOCKET,
            LINE + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n12345678"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "3 junk\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "3 ;a\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + " 3\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "0x3\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "+3\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "-3\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + ";a=b\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "zz\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "ag\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "8000000000000000\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_SIZE, CHUNKED + "00000000000000003\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3; a\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a =b\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a= b\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a=b \r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a=\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a=\"b\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a=\"b\"c\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a=\"\\\u0000\"\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_EXTENSION, CHUNKED + "3;a\u0000\r\nabc\r\n"),
        arguments(Http1Offence.BAD_CHUNK_END, CHUNKED + "3\r\nabcX\r\n0\r\n\r\n"),
        arguments(Http1Offence.BAD_CHUNK_END, CHUNKED + "3\r\nabc\n0\r\n\r\n"),
        arguments(Http1Offence.BAD_CHUNK_END, CHUNKED + "3\r\nabc\r0\r\n\r\n"),
        arguments(Http1Offence.BAD_CHUNK_END, CHUNKED + "2\r\nabc\r\n0\r\n\r\n"),
        arguments(Http1Offence.NO_COLON, CHUNKED + "0\r\nX\r\n\r\n"),
        arguments(Http1Offence.EMPTY_LINES, "\r\n\r\n\r\n" + GOOD));
  }

  @ParameterizedTest
  @MethodSource
  void accepts(String requests) {
    for (String stream : List.of(requests, GOOD + requests + GOOD, GOOD_CHUNKED + requests)) {
      for (List<Integer> split : splits(stream)) {
        assertThat(follow(stream, split))
            .as("%s in %s", stream, split)
            .isEqualTo(new Verdict(null, true, stream.length()));
      }
    }
  }

  static Stream<String> accepts() {
    return Stream.of(
        GOOD,
        GOOD_CHUNKED,
        "\r\n" + GOOD,
        "GET /a HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a:80/b?c=d%20e|\"{}\\^` HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
        "X!#$%&'*+-.^_`|~9 / HTTP/1.1\r\nHost: a\r\n\r\n",
        LINE + "Empty:\r\nSpaces: \t \r\nTabs:a\tb\tlonger than eight\tc\r\n\r\n",
        LINE + "Text: caf\u00e9 \u00ff\u0080 and so on, beyond eight octets \u00e9\r\n\r\n",
        LINE + "x!#$%&'*+-.^_`|~9: 1\r\n\r\n",
        LINE + "Content-Lengths: x\r\nContent-Lengt: y\r\nTransfer-Encodin: z\r\nT: t\r\n\r\n",
        LINE + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nUpgrade: websocket\r\n\r\n",
        LINE + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n\r\n\r\n",
        LINE + "Content-Length:3\r\n\r\nabc",
        LINE + "content-LENGTH: \t 0003 \t\r\n\r\n\u0000\n\r",
        LINE + "Content-Length: 0\r\n\r\n",
        LINE + "Transfer-Encoding:\t CHUNKed \t\r\n\r\n0\r\n\r\n",
        CHUNKED + "a\r\n0123456789\r\nA\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n",
        CHUNKED + "0000000000000003\r\nabc\r\n000\r\n\r\n",
        CHUNKED + "3;a;b=c;d=\"e f\t\\\" \\\\;\u00e9\";g=\"\"\r\nabc\r\n0;last\r\n\r\n",
        CHUNKED + "0\r\nX-Sum: 1\r\nContent-Length: 3\r\nEmpty:\r\n\r\n");
  }

  @Test
  void longBodiesAreSkippedWhateverIsInThem() {
    Http1Syntax syntax = new Http1Syntax(100);
    feed(syntax, LINE + "Content-Length: " + Long.MAX_VALUE + "\r\n\r\n");
    for (int i = 0; i < 100; i++) {
      feed(syntax, "\u0000\n".repeat(500));
    }
    assertThat(syntax.inHead()).isFalse();
    assertThat(syntax.offence()).isNull();
  }

  @Test
  void theLargestChunkSizeIsTaken() {
    Http1Syntax syntax = new Http1Syntax(100);
    feed(syntax, CHUNKED + "7fffffffffffffff\r\nabc");
    assertThat(syntax.offence()).isNull();
  }

  @Test
  void extensionsAreLimited() {
    String name = "x".repeat(4 * 1024 - 1);
    assertThat(follow(CHUNKED + "3;" + name + "\r\n", List.of()).offence()).isNull();
    assertThat(follow(CHUNKED + "3;" + name + "yz\r\n", List.of()).offence())
        .isEqualTo(Http1Offence.LONG_CHUNK_EXTENSION);
  }

  @Test
  void fieldsAreCountedInEachSection() {
    String hundred = "X: y\r\n".repeat(100);
    String head = "GET / HTTP/1.1\r\n";
    assertThat(follow((head + hundred + "\r\n").repeat(2), List.of()).offence()).isNull();
    assertThat(follow(CHUNKED + "0\r\n" + hundred + "\r\n", List.of()).offence()).isNull();
    assertThat(follow(head + hundred + "X: y\r\n\r\n", List.of()))
        .isEqualTo(new Verdict(Http1Offence.TOO_MANY_FIELDS, true, 0));
    assertThat(follow(CHUNKED + "0\r\n" + hundred + "X: y\r\n\r\n", List.of()).offence())
        .isEqualTo(Http1Offence.TOO_MANY_FIELDS);
  }

  @Test
  void whatPrecedesTheOffenceInABodyIsPassedOn() {
    Verdict verdict = follow(CHUNKED + "3\r\nabcX", List.of());
    assertThat(verdict)
        .isEqualTo(new Verdict(Http1Offence.BAD_CHUNK_END, false, (CHUNKED + "3\r\nabc").length()));
  }

  @Test
  void offencesMapToTheStatusesOfTheRfc() {
    assertThat(Http1Offence.OTHER_MAJOR_VERSION.reason().status()).isEqualTo(505);
    assertThat(Http1Offence.UNKNOWN_CODING.reason().status()).isEqualTo(501);
    assertThat(Http1Offence.FOLDED_LINE.reason()).isEqualTo(FailureReason.BAD_REQUEST);
  }

  private static void feed(Http1Syntax syntax, String octets) {
    ByteBuf bytes = Unpooled.copiedBuffer(octets, ISO_8859_1);
    assertThat(syntax.accept(bytes, 0, bytes.readableBytes())).isEqualTo(bytes.readableBytes());
  }
}

package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The mutations of {@code Transfer-Encoding} that smuggling tools try with every octet: each is
 * refused, or is no framing in anybody's reading, or is plain {@code chunked} with the white space
 * that RFC 9110 section 5.5 lets stand around a value.
 */
class SmugglerMutationsTest {
  private static final String LINE = "POST / HTTP/1.1\r\nhost: a\r\n";
  private static final List<String> FORMS =
      List.of(
          "Transfer-Encoding:@chunked",
          "Transfer-Encoding:@@chunked",
          "Transfer-Encoding: @chunked",
          "Transfer-Encoding@: chunked",
          "Transfer-Encoding@:@chunked",
          "@Transfer-Encoding: chunked",
          "Transfer@Encoding: chunked",
          "Trans@fer-Encoding: chunked",
          "Transfer-Encoding: chunked@",
          "Transfer-Encoding: chunked @",
          "Transfer-Encoding: chun@ked",
          "Transfer-Encoding: chunked@X: X",
          "Transfer-Encoding: chunked@,",
          "Transfer-Encoding: @chunked@",
          "Transfer-Encoding: identity@chunked",
          "Transfer-Encoding:\r\n@chunked",
          "Transfer-Encoding:@\r\nchunked",
          "Transfer-Encoding: chunked\r@X: X",
          "Transfer-Encoding: chunked@\nX: X",
          "X: X@Transfer-Encoding: chunked",
          "X: X\r@Transfer-Encoding: chunked",
          "X: X@\nTransfer-Encoding: chunked",
          "X: X\r\n@Transfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked@",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding@: chunked",
          "Content-Length: 5@\r\nTransfer-Encoding: chunked",
          "Content-Length@: 5\r\nTransfer-Encoding: chunked");

  static List<String> forms() {
    return FORMS;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void noMutationIsReadInTwoWays(String form) {
    for (int octet = 0; octet < 256; octet++) {
      judge(form.replace("@", Character.toString((char) octet)));
    }
  }

  private static void judge(String lines) {
    String head = LINE + lines + "\r\n\r\n";
    // The chunks of a body that is not one would be the next request, and no request begins so.
    String body = "3\r\n:,:\r\n0\r\n\r\n";
    Http1SyntaxTest.Verdict verdict = Http1SyntaxTest.follow(head + body, List.of());

    if (verdict.offence() == null) {
      assertThat(plainlyChunked(lines)).as(lines).isTrue();
    } else if (verdict.passed() > 0) {
      assertThat(framing(lines)).as(lines).isEmpty();
    }
  }

  private static boolean plainlyChunked(String lines) {
    List<String> framing = framing(lines);
    return framing.size() == 1
        && framing.get(0).matches("(?i)transfer-encoding:[ \t]*chunked[ \t]*");
  }

  /** The lines that frame, as a reader of RFC 9112 splits and names them. */
  private static List<String> framing(String lines) {
    return Stream.of(lines.split("\r\n", -1))
        .filter(
            line -> {
              String name = line.split(":", 2)[0].toLowerCase(Locale.ROOT);
              return name.equals("transfer-encoding") || name.equals("content-length");
            })
        .toList();
  }
}

package dev.headgate.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseSyntaxTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "transfer-encoding: chunked\r\n\r\n";

  /** What is wrong, read in one go and cut at every place. */
  private static @Nullable String offence(String text, boolean head) {
    String whole = read(text, head, text.length());
    for (int cut = 1; cut < text.length(); cut++) {
      assertThat(read(text, head, cut)).as("cut at %d", cut).isEqualTo(whole);
    }
    return whole;
  }

  private static @Nullable String read(String text, boolean head, int cut) {
    ResponseSyntax syntax = new ResponseSyntax();
    syntax.expect(head, false);
    ByteBuf bytes = Unpooled.copiedBuffer(text, ISO_8859_1);
    syntax.accept(bytes, 0, cut);
    if (syntax.offence() == null) {
      syntax.accept(bytes, cut, bytes.writerIndex());
    }
    return syntax.offence();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "content-length: 5\r\n\r\nhello",
        OK + "Content-Length : 5\r\n\r\nhello",
        OK + "content-length: 5\r\n\r\nhelloHTTP/1.1 204 \r\n\r\n",
        OK + "\r\nuntil the end \0\n\r",
        "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.0 200 \u00e9\t.\r\nx: \u00e9\r\n\r\n",
        "HTTP/1.1 103 Early\r\nlink: a\r\n\r\n" + OK + "content-length: 0\r\n\r\n",
        "HTTP/1.1 204 No\r\ncontent-length: 0\r\n\r\n" + OK + "\r\n",
        "HTTP/1.1 205 Reset\r\ncontent-length: 0\r\n\r\n" + OK + "\r\n",
        "HTTP/1.1 304 Not\r\ncontent-length: 9\r\n\r\n" + OK + "\r\n",
        CHUNKED + "5\r\nhello\r\n0\r\n\r\n" + OK + "\r\n",
        CHUNKED + "0005;a=b;c=\"d e\"\r\nhello\r\n00\r\nx-sum: 1\r\n\r\n" + OK + "\r\n",
        OK + "Transfer-Encoding: CHUNKED\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
        OK + "x-empty:\r\nx-tab:\ta\tb\t\r\n\r\n"
      })
  void takesWhatIsSound(String text) {
    assertThat(offence(text, false)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/0.9 200 OK\r\n\r\n",
        "<html>an answer of HTTP/0.9</html>",
        "http/1.1 200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.x 200 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1\t200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 600 OK\r\n\r\n",
        "HTTP/1.1 200 O\0K\r\n\r\n",
        "HTTP/1.1 200 OK\n\r\n",
        "HTTP/1.1 200 OK\rX\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        OK + " folded: at once\r\n\r\n",
        OK + "x: a\r\n b\r\n\r\n",
        OK + "x: a\r\n\tb\r\n\r\n",
        OK + "x: a\nb: c\r\n\r\n",
        OK + "x: a\rb\r\n\r\n",
        OK + "x: a\0b\r\n\r\n",
        OK + "x: a\u007f\r\n\r\n",
        OK + "no colon\r\n\r\n",
        OK + "x y: 1\r\n\r\n",
        OK + "x\u00e9: 1\r\n\r\n",
        OK + "x(y): 1\r\n\r\n",
        OK + "x: 1\r\n\n",
        OK + "content-length: 5\r\ncontent-length: 6\r\n\r\n",
        OK + "content-length: 5\r\nContent-Length: 5\r\n\r\n",
        OK + "content-length: 5, 5\r\n\r\n",
        OK + "content-length: +5\r\n\r\n",
        OK + "content-length: -5\r\n\r\n",
        OK + "content-length: 0x5\r\n\r\n",
        OK + "content-length:\r\n\r\n",
        OK + "content-length: 99999999999999999999\r\n\r\n",
        OK + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        OK + "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n",
        OK + "transfer-encoding: gzip\r\n\r\n",
        OK + "transfer-encoding: gzip, chunked\r\n\r\n",
        OK + "transfer-encoding: chunked, chunked\r\n\r\n",
        OK + "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n",
        OK + "transfer-encoding: identity\r\n\r\n",
        OK + "transfer-encoding:\r\n\r\n",
        OK + "transfer-encoding: xchunked\r\n\r\n",
        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 204 No\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 103 Early\r\ntransfer-encoding: chunked\r\n\r\n",
        CHUNKED + "\r\n",
        CHUNKED + "x\r\n",
        CHUNKED + "0x5\r\n",
        CHUNKED + "-5\r\n",
        CHUNKED + " 5\r\n",
        CHUNKED + "5 \r\nhello",
        CHUNKED + "5\nhello",
        CHUNKED + "5;a\0\r\n",
        CHUNKED + "5;a\n",
        CHUNKED + "1234567890123456\r\n",
        CHUNKED + "5\r\nhello!\r\n",
        CHUNKED + "5\r\nhello\n0\r\n\r\n",
        CHUNKED + "0\r\nno colon\r\n\r\n",
        CHUNKED + "0\r\n folded: 1\r\n\r\n",
        CHUNKED + "0\r\nx: a\0\r\n\r\n",
        CHUNKED + "0\r\n\n"
      })
  void refusesWhatTwoCouldReadInTwoWays(String text) {
    assertThat(offence(text, false)).isNotNull();
  }

  @Test
  void nothingFollowsTheAnswerToHead() {
    String head = OK + "content-length: 5\r\n\r\n";

    assertThat(offence(head + OK + "\r\n", true)).isNull();
    assertThat(offence(head + "hello", true)).isNotNull();
  }

  @Test
  void trailersHaveALimit() {
    String text = CHUNKED + "0\r\n" + "x: %s\r\n".formatted("y".repeat(1000)).repeat(70);

    assertThat(read(text, false, text.length())).contains("limit");
  }

  @Test
  void whateverComesItSaysAndNeverThrows() {
    Random chance = new Random(7);
    String seed =
        CHUNKED + "5;a=b\r\nhello\r\n0\r\nx: y\r\n\r\n" + OK + "content-length: 1\r\n\r\na";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(seed);
      for (int n = chance.nextInt(4); n >= 0; n--) {
        int at = chance.nextInt(text.length());
        switch (chance.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) chance.nextInt(256));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, (char) chance.nextInt(256));
        }
      }
      String mutated = text.toString();
      int cut = chance.nextInt(mutated.length());
      assertThat(read(mutated, false, cut))
          .as(mutated)
          .isEqualTo(read(mutated, false, mutated.length()));
    }
  }
}

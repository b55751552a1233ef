package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.edge.Http1SyntaxTest.Verdict;
import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random streams of requests, random reads. */
class Http1SyntaxPropertyTest {
  private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789abcXYZ";
  private static final String VISIBLE = "/?#%&=:;,@abcXYZ019\"'<>{}|\\^`";
  private static final String TEXT = VISIBLE + " \t\u0080\u00e9\u00ff";
  private static final String ANY = TEXT + "\u0000\r\n\u007f\u0001";
  private static final String MUTANTS = "\r\n\t :;,\"\\0123abcfgHTP/.\u0000\u007f\u0080\u00ff";

  @Test
  void legalStreamsPassInAnyReads() {
    Property.forAll(
        3_000,
        random -> {
          String stream = stream(random);
          assertThat(Http1SyntaxTest.follow(stream, reads(random, stream)))
              .as(stream)
              .isEqualTo(new Verdict(null, true, stream.length()));
        });
  }

  @Test
  void aVerdictDoesNotDependOnTheReads() {
    Property.forAll(
        10_000,
        random -> {
          StringBuilder mutated = new StringBuilder(stream(random));
          int at = random.nextInt(mutated.length());
          mutated.setCharAt(at, one(random, MUTANTS));
          String stream = mutated.toString();
          Verdict whole = Http1SyntaxTest.follow(stream, List.of());
          Verdict split = Http1SyntaxTest.follow(stream, reads(random, stream));
          assertThat(split.offence()).as(stream).isEqualTo(whole.offence());
          assertThat(split.inHead()).isEqualTo(whole.inHead());
          if (!whole.inHead()) {
            assertThat(split.passed()).isEqualTo(whole.passed());
          }
        });
  }

  private static List<Integer> reads(Random random, String stream) {
    List<Integer> cuts = new ArrayList<>();
    int most = random.nextBoolean() ? 5 : 60;
    for (int at = 1 + random.nextInt(most); at < stream.length(); at += 1 + random.nextInt(most)) {
      cuts.add(at);
    }
    return cuts;
  }

  private static String stream(Random random) {
    StringBuilder out = new StringBuilder();
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      request(random, out);
    }
    return out.toString();
  }

  private static void request(Random random, StringBuilder out) {
    if (random.nextInt(5) == 0) {
      out.append("\r\n");
    }
    boolean http10 = random.nextInt(8) == 0;
    out.append(some(random, TOKEN, 1, 8))
        .append(' ')
        .append(some(random, VISIBLE, 1, 40))
        .append(http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    fields(random, out);
    int body = random.nextInt(3);
    if (body == 1) {
      String content = some(random, ANY, 0, 50);
      out.append(cased(random, "content-length")).append(": ").append(content.length());
      out.append("\r\n");
      fields(random, out);
      out.append("\r\n").append(content);
    } else if (body == 2 && !http10) {
      out.append(cased(random, "transfer-encoding")).append(":").append(some(random, " \t", 0, 2));
      out.append(cased(random, "chunked")).append("\r\n");
      fields(random, out);
      out.append("\r\n");
      chunks(random, out);
    } else {
      out.append("\r\n");
    }
  }

  private static void fields(Random random, StringBuilder out) {
    for (int left = random.nextInt(4); left > 0; left--) {
      out.append(some(random, TOKEN, 1, 20)).append(':').append(some(random, TEXT, 0, 40));
      out.append("\r\n");
    }
  }

  private static void chunks(Random random, StringBuilder out) {
    for (int left = random.nextInt(4); left > 0; left--) {
      String data = some(random, ANY, 1, 40);
      out.append(cased(random, Integer.toHexString(data.length())));
      extensions(random, out);
      out.append("\r\n").append(data).append("\r\n");
    }
    out.append(some(random, "0", 1, 3));
    extensions(random, out);
    out.append("\r\n");
    fields(random, out);
    out.append("\r\n");
  }

  private static void extensions(Random random, StringBuilder out) {
    for (int left = random.nextInt(3); left > 0; left--) {
      out.append(';').append(some(random, TOKEN, 1, 5));
      switch (random.nextInt(3)) {
        case 1 -> out.append('=').append(some(random, TOKEN, 1, 5));
        case 2 -> {
          String quoted = some(random, TEXT, 0, 9).replaceAll("[\"\\\\]", "\\\\$0");
          out.append("=\"").append(quoted).append('"');
        }
        default -> {}
      }
    }
  }

  private static String cased(Random random, String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(random.nextBoolean() ? Character.toUpperCase(c) : c);
    }
    return out.toString();
  }

  private static String some(Random random, String alphabet, int least, int most) {
    StringBuilder out = new StringBuilder();
    for (int left = least + random.nextInt(most - least + 1); left > 0; left--) {
      out.append(one(random, alphabet));
    }
    return out.toString();
  }

  private static char one(Random random, String alphabet) {
    return alphabet.charAt(random.nextInt(alphabet.length()));
  }
}

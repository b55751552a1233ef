package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Paths, judged and compared, against the decoded text that the code never builds. */
class RequestPathFuzzTest {
  private static final Pattern DOTS = Pattern.compile("/\\.{1,2}(/|;|$)");

  @FuzzTest(maxDuration = "10s")
  void aSoundPathHidesNothing(byte[] octets) {
    String path = new String(octets, StandardCharsets.ISO_8859_1);
    if (RequestPath.problem(path) != null) {
      return;
    }
    // Not by %2F, which is data and separates nothing.
    String decoded = PercentText.canonicalOfEncoded(path.replaceAll("(?i)%2F", "%7E"));
    assertThat(decoded).startsWith("/").doesNotContain("\\", "\0");
    assertThat(DOTS.matcher(decoded).find()).as(path).isFalse();
    assertThat(path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')).isTrue();
  }

  @FuzzTest(maxDuration = "10s")
  void encodedTextEqualsItsCanonicalForm(byte[] octets) {
    String text = new String(octets, StandardCharsets.US_ASCII).replace('\uFFFD', '%');
    String canonical = PercentText.canonicalOfEncoded(text);
    int length = text.length();
    assertThat(PercentText.matches(canonical, text, 0, length, false)).isTrue();
    assertThat(PercentText.hash(text, 0, length, false)).isEqualTo(PercentText.hash(canonical));
    assertThat(PercentText.matches(canonical + "x", text, 0, length, false)).isFalse();
    assertThat(PercentText.decode(text, 0, length, false))
        .isEqualTo(
            new String(canonical.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }
}

package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Versions as strangers write them. */
class VersionFuzzTest {
  private static final VersionNegotiation<String> VERSIONS =
      new VersionNegotiation<>(
          new VersionSources(false, "version", "x-v", "version"),
          VersionScheme.NUMBER,
          VersionMatch.EXACT,
          List.of(
              new VersionNegotiation.Entry<>("1", "1"), new VersionNegotiation.Entry<>("2", "2")),
          "1");

  /** What was read is what is taken out, and nothing that can be read is left. */
  @FuzzTest(maxDuration = "10s")
  void anAcceptIsReadAndCleaned(byte[] octets) {
    String line = new String(octets, StandardCharsets.ISO_8859_1);
    String left = VERSIONS.acceptWithoutVersion(line, "1");

    assertThat(left.length()).isLessThanOrEqualTo(line.length());
    assertThat(VERSIONS.acceptWithoutVersion(left, "1")).isSameAs(left);
    assertThat(VERSIONS.negotiate(null, Requests.get("/").with("accept", left)))
        .isInstanceOf(VersionOutcome.Selected.class)
        .isEqualTo(VERSIONS.negotiate(null, Requests.get("/")));
    assertThat(VERSIONS.negotiate(null, Requests.get("/").with("accept", line))).isNotNull();
  }

  @FuzzTest(maxDuration = "10s")
  void aQueryIsReadAndCleaned(byte[] octets) {
    String query = new String(octets, StandardCharsets.ISO_8859_1);
    String left = VERSIONS.queryWithoutVersion(query);

    assertThat(VERSIONS.negotiate(null, Requests.get("/?" + query).with("x-v", query))).isNotNull();
    assertThat(VERSIONS.queryWithoutVersion(left)).isSameAs(left);
    if (left != null) {
      assertThat(VERSIONS.negotiate(null, Requests.get("/?" + left)))
          .isEqualTo(VERSIONS.negotiate(null, Requests.get("/")));
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aVersionHasOneKey(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    long number = VersionScheme.NUMBER.read(text);
    if (number != VersionScheme.NONE) {
      assertThat(text).matches("[vV]?[0-9]+(\\.[0-9]+){0,2}");
      String whole = text.replaceFirst("^[vV]", "") + ".0.0".substring(0, 2 * missing(text));
      assertThat(VersionScheme.NUMBER.read(whole)).isEqualTo(number);
    }
    if (VersionScheme.DATE.read(text) != VersionScheme.NONE) {
      assertThat(text).matches("[vV]?[0-9]{4}-[0-9]{2}-[0-9]{2}");
    }
  }

  private static int missing(String text) {
    return 2 - (int) text.chars().filter(c -> c == '.').count();
  }
}

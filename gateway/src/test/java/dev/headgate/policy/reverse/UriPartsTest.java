package dev.headgate.policy.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UriPartsTest {
  // RFC 3986 sections 5.4.1 and 5.4.2.
  @ParameterizedTest
  @CsvSource({
    "g, /b/c/g",
    "./g, /b/c/g",
    "g/, /b/c/g/",
    "/g, /g",
    "'', /b/c/d;p",
    ";x, /b/c/;x",
    "., /b/c/",
    "./, /b/c/",
    ".., /b/",
    "../, /b/",
    "../g, /b/g",
    "../.., /",
    "../../g, /g",
    "../../../g, /g",
    "/./g, /g",
    "/../g, /g",
    "g., /b/c/g.",
    ".g, /b/c/.g",
    "..g, /b/c/..g",
    "./../g, /b/g",
    "./g/., /b/c/g/",
    "g/./h, /b/c/g/h",
    "g/../h, /b/c/h",
  })
  void resolvesAsTheRfcsExamples(String reference, String resolved) {
    assertThat(UriParts.resolve("/b/c/d;p", reference)).isEqualTo(resolved);
  }

  @Test
  void splitsAsTheJdkDoesWhereTheJdkReadsIt() {
    Property.forAll(
        5_000,
        random -> {
          String text = text(random);
          URI uri = parsed(text);
          UriParts parts = UriParts.of(text);
          if (uri != null && !uri.isOpaque() && parts != null) {
            assertThat(parts.scheme()).as(text).isEqualTo(uri.getScheme());
            // The JDK tells no difference between an empty authority and none.
            String authority = "".equals(parts.authority()) ? null : parts.authority();
            assertThat(authority).as(text).isEqualTo(uri.getRawAuthority());
            assertThat(parts.path()).as(text).isEqualTo(uri.getRawPath());
          }
          if (parts != null) {
            String whole =
                (parts.scheme() == null ? "" : parts.scheme() + ":")
                    + (parts.authority() == null ? "" : "//" + parts.authority())
                    + parts.path()
                    + parts.tail();
            assertThat(whole).isEqualTo(text);
          }
        });
  }

  private static @org.jspecify.annotations.Nullable URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(9); i > 0; i--) {
      text.append(
          Property.oneOf(
              random, List.of("http:", "//", "host", ":80", "/", "a", "%2F", "?", "#", "..", ";")));
    }
    return text.toString();
  }
}

package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 7239 section 4, and what is like them but wrong. */
class ForwardedElementTest {
  @Test
  void readsTheExamplesOfTheStandard() {
    assertThat(ForwardedElement.parse(List.of("for=\"_gazonk\"")))
        .containsExactly(new ForwardedElement("_gazonk", null, null));
    assertThat(ForwardedElement.parse(List.of("For=\"[2001:db8:cafe::17]:4711\"")))
        .containsExactly(new ForwardedElement("[2001:db8:cafe::17]:4711", null, null));
    assertThat(ForwardedElement.parse(List.of("for=192.0.2.60;proto=http;by=203.0.113.43")))
        .containsExactly(new ForwardedElement("192.0.2.60", null, "http"));
    assertThat(ForwardedElement.parse(List.of("for=192.0.2.43, for=198.51.100.17")))
        .extracting(ForwardedElement::node)
        .containsExactly("192.0.2.43", "198.51.100.17");
  }

  @Test
  void separatorsBetweenQuotesSeparateNothing() {
    assertThat(ForwardedElement.parse(List.of("for=a;x=\"b, for=c;\\\"\" ; host=\"d:1\",for=e")))
        .containsExactly(
            new ForwardedElement("a", "d:1", null), new ForwardedElement("e", null, null));
  }

  @Test
  void linesAreOneList() {
    assertThat(ForwardedElement.parse(List.of("for=a", "by=x;proto=https")))
        .containsExactly(
            new ForwardedElement("a", null, null), new ForwardedElement(null, null, "https"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "for",
        "for=",
        "for=\"\"",
        "for =a",
        "for= a",
        "for=a,",
        "for=a;",
        "for=a;;by=b",
        "for=a for=b",
        "for=\"a",
        "for=\"a\\",
        "for=\"a\"b",
        "for=a;for=b",
        "=a",
        "for=a\u00e4"
      })
  void anythingMalformedSpoilsTheWhole(String line) {
    assertThat(ForwardedElement.parse(List.of(line))).isNull();
    assertThat(ForwardedElement.parse(List.of("for=b", line))).isNull();
  }

  @Test
  void readsBackWhatItIsMadeOf() {
    Property.forAll(
        2_000,
        random -> {
          List<String> values = new ArrayList<>();
          StringBuilder line = new StringBuilder();
          for (int i = 1 + random.nextInt(4); i > 0; i--) {
            StringBuilder value = new StringBuilder();
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
              value.append((char) (' ' + random.nextInt(95)));
            }
            values.add(value.toString());
            String escaped = value.toString().replace("\\", "\\\\").replace("\"", "\\\"");
            line.append(line.length() == 0 ? "" : " , ").append("fOr=\"" + escaped + "\"");
          }
          assertThat(ForwardedElement.parse(List.of(line.toString())))
              .extracting(ForwardedElement::node)
              .containsExactlyElementsOf(values);
        });
  }
}

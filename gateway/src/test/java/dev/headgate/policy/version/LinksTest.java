package dev.headgate.policy.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinksTest {
  private static boolean sunset(String... lines) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (String line : lines) {
      headers.add("link", line);
    }
    return Links.relate(headers, "sunset");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<https://a>;rel=sunset",
        "<https://a>; rel=\"sunset\"",
        "<https://a> ; title=\"a;b\" ; REL = \"deprecation  Sunset\"",
        "<https://a;b>; rel=next, </c>; rel=sunset",
        "</a>; title=\"\\\"; rel=x\"; rel=sunset; type=\"text/html\"",
        "</a>; rel=sunset, </b>; rel=next",
      })
  void findsARelationWhereverItStands(String line) {
    assertThat(sunset(line)).isTrue();
    assertThat(sunset("</x>; rel=next", line)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "</a>; rel=sunsets",
        "</a;rel=sunset>; rel=next",
        "</a>; title=\";rel=sunset\"; rel=next",
        "</a>; xrel=sunset",
        "</a>; rel",
        "</a>; rel=",
        "</a>; rel=\"",
        "<a; rel=sunset",
        "</a>; title=\"; rel=sunset",
      })
  void isNotFooledByWhatOnlyLooksLikeOne(String line) {
    assertThat(sunset(line)).isFalse();
  }

  @Test
  void noLinkHasNone() {
    assertThat(sunset()).isFalse();
  }
}

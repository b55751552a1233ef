package dev.headgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

class FieldValuesTest {
  private static HttpHeaders vary(String... lines) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (String line : lines) {
      headers.add("Vary", line);
    }
    FieldValues.vary(headers, "Origin");
    return headers;
  }

  @Test
  void elementsComeFromAllLinesWithoutTheEmptyOnes() {
    HttpHeaders headers = new DefaultHttpHeaders().add("x", "a ,,b").add("X", ", c");

    assertThat(FieldValues.of(headers, "x")).containsExactly("a", "b", "c");
    assertThat(FieldValues.of(headers, "y")).isEmpty();
    assertThat(FieldValues.contain(headers, "x", "B")).isTrue();
    assertThat(FieldValues.contain(headers, "x", "d")).isFalse();
  }

  @Test
  void varyIsAddedOnce() {
    assertThat(vary().getAll("vary")).containsExactly("Origin");
    assertThat(vary("Accept").getAll("vary")).containsExactly("Accept, Origin");
    assertThat(vary("Accept", "Cookie").getAll("vary")).containsExactly("Accept, Cookie, Origin");
    assertThat(vary("accept, ORIGIN").getAll("vary")).containsExactly("accept, ORIGIN");
    assertThat(vary("*").getAll("vary")).containsExactly("*");
  }
}

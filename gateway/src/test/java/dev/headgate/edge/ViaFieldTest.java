package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViaFieldTest {
  private final ViaField via = new ViaField("1a2b");

  private static HttpHeaders with(String... lines) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (String line : lines) {
      headers.add("via", line);
    }
    return headers;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.1 headgate-1a2b | true",
        "2 headgate-1a2b | true",
        "HTTP/1.1 headgate-1a2b (a comment) | true",
        "1.0 other, 1.1 headgate-1a2b | true",
        "1.1 headgate-1a2b,1.1 other | true",
        "1.1\theadgate-1a2b\t, 2 x | true",
        "1.1 headgate-1a2b(comment) | true",
        "1.1 headgate-1a2bc, 1.1 headgate-1a2b | true",
        "1.1 headgate | false",
        "1.1 headgate-1a2bc | false",
        "1.1 headgate-1a2 | false",
        "1.1 xheadgate-1a2b | false",
        "1.1 headgate-1a2b.example | false",
        "1.1 headgate-1a2b:80 | false",
        "headgate-1a2b | false",
        "1.1 other (headgate-1a2b) | false"
      })
  void knowsItselfAndNobodyElse(String line, boolean expected) {
    assertThat(via.isIn(with(line))).isEqualTo(expected);
    assertThat(via.isIn(with("1.1 other", line))).isEqualTo(expected);
  }

  @Test
  void isNotInWhatHasNone() {
    assertThat(via.isIn(with())).isFalse();
    assertThat(via.isIn(with(""))).isFalse();
  }

  @Test
  void isFoundWhereverItWasAdded() {
    Property.forAll(
        500,
        random -> {
          List<String> hops = new ArrayList<>();
          int count = random.nextInt(5);
          for (int i = 0; i < count; i++) {
            hops.add("1.1 headgate-" + Integer.toHexString(random.nextInt(1 << 20)) + "f");
          }
          HttpHeaders headers = with(hops.toArray(String[]::new));
          assertThat(via.isIn(headers)).isFalse();

          via.addTo(headers, random.nextBoolean() ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1);

          assertThat(via.isIn(headers)).isTrue();
          assertThat(
                  via.isIn(
                      with(String.join(random.nextBoolean() ? "," : " , ", headers.getAll("via")))))
              .isTrue();
          assertThat(headers.getAll("via")).hasSize(count + 1).containsAll(hops);
        });
  }

  @Test
  void saysInWhichVersionItGotTheRequest() {
    HttpHeaders headers = with("1.1 first");
    via.addTo(headers, HttpVersion.HTTP_1_0);
    via.addTo(headers, HttpVersion.HTTP_1_1);
    via.addTo(headers, Http2RequestHead.HTTP_2);

    assertThat(headers.getAll("via"))
        .containsExactly("1.1 first", "1.0 headgate-1a2b", "1.1 headgate-1a2b", "2 headgate-1a2b");
  }
}

package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class HttpDateTest {
  @Test
  void isAnImfFixdate() {
    // The example of RFC 9110 section 5.6.7.
    assertThat(HttpDate.at(784_111_777_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(HttpDate.at(784_111_777_999L)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(HttpDate.at(784_111_778_000L)).isEqualTo("Sun, 06 Nov 1994 08:49:38 GMT");
    assertThat(HttpDate.at(0)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
  }

  @Test
  void saysTheSecondItIsAskedFor() {
    Property.forAll(
        2_000,
        random -> {
          long second = random.nextLong(4_000_000_000L);
          String text = HttpDate.at(second * 1_000 + random.nextInt(1_000));
          assertThat(text).hasSize(29);
          assertThat(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
              .isEqualTo(Instant.ofEpochSecond(second));
        });
  }

  @Test
  void leavesTheServicesOwnAlone() {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set("Date", "whenever");
    HttpDate.addIfAbsent(headers);
    assertThat(headers.getAll("date")).containsExactly("whenever");

    headers.clear();
    HttpDate.addIfAbsent(headers);
    assertThat(headers.getAll("date")).hasSize(1);
  }
}

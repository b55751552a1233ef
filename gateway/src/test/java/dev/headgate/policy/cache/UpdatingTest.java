package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.fresh;
import static dev.headgate.policy.cache.Samples.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdatingTest {
  // RFC 9111 section 3.2.
  @Test
  void whatTheNewerOneSaysReplacesAllThatWasSaid() {
    HttpHeaders stored =
        fields("etag: \"a\"", "x-a: 1", "x-a: 2", "x-b: 1", "x-b: 2", "cache-control: max-age=1");

    HttpHeaders updated =
        Updating.updated(stored, fields("X-A: 3", "x-c: 1", "x-c: 2", "cache-control: max-age=9"));

    assertThat(updated.getAll("x-a")).containsExactly("3");
    assertThat(updated.getAll("x-b")).containsExactly("1", "2");
    assertThat(updated.getAll("x-c")).containsExactly("1", "2");
    assertThat(updated.getAll("cache-control")).containsExactly("max-age=9");
    assertThat(updated.get("etag")).isEqualTo("\"a\"");
    assertThat(stored.getAll("x-a")).containsExactly("1", "2");
  }

  @Test
  void theFramingStays() {
    HttpHeaders updated =
        Updating.updated(
            fields("content-length: 10"),
            fields("Content-Length: 0", "content-range: bytes 0-1/2", "trailer: x"));

    assertThat(updated.entries()).hasSize(1);
    assertThat(updated.get("content-length")).isEqualTo("10");
  }

  @Test
  void ageAndDateAreTheNewerOnesOrNone() {
    HttpHeaders stored = fields("age: 9", "date: Sun, 06 Nov 1994 08:49:37 GMT");

    assertThat(Updating.updated(stored, fields()).isEmpty()).isTrue();
    HttpHeaders updated = Updating.updated(stored, fields("age: 2", "date: " + Samples.DATE));
    assertThat(updated.get("age")).isEqualTo("2");
    assertThat(updated.getAll("date")).containsExactly(Samples.DATE);
  }

  // RFC 9111 section 4.3.5.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x: y | true",
        "etag: \"a\" | true",
        "etag: \"b\" | false",
        "content-length: 10 | true",
        "content-length: 11 | false",
        "content-length: ten | false",
        "last-modified: " + Samples.DATE + " | false",
      })
  void aHeadAgreesByItsValidatorsAndItsLength(String field, boolean agrees) {
    Stored chunked = Samples.stored(head(200, fresh(60), "etag: \"a\""), "0123456789");

    assertThat(Updating.agrees(fields(field), chunked)).isEqualTo(agrees);
    chunked.letGo();
  }
}

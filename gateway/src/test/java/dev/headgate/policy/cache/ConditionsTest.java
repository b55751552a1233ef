package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.fresh;
import static dev.headgate.policy.cache.Samples.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
  private static final String AT_TEN = "Mon, 01 Jun 2026 10:00:00 GMT";
  private static final String AT_ELEVEN = "Mon, 01 Jun 2026 11:00:00 GMT";

  private static Head stored(String... fields) {
    return head(200, fresh(60), fields);
  }

  // RFC 9110 section 13.1.2.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"a\" | \"a\" | true",
        "\"a\" | W/\"a\" | true",
        "W/\"a\" | \"a\" | true",
        "W/\"a\" | W/\"a\" | true",
        "\"b\" | \"a\" | false",
        "\"A\" | \"a\" | false",
        "w/\"a\" | \"a\" | false",
        "\"b\", \"a\" | \"a\" | true",
        "\"b\",W/\"a\" | \"a\" | true",
        "\"b,c\", \"a\" | \"a\" | true",
        "\"a,b\" | \"a,b\" | true",
        "\"b, \"a\" | \"a\" | false",
        "* | \"a\" | true",
        "\"*\" | \"a\" | false",
        "a | \"a\" | false",
        // A backslash is a character like others (section 8.8.3).
        "\"b\\\", \"a\" | \"a\" | true",
        "\"a\\\" | \"a\\\" | true",
      })
  void ifNoneMatchComparesWeakly(String condition, String tag, boolean matches) {
    assertThat(
            Conditions.notModified(fields("if-none-match: " + condition), stored("etag: " + tag)))
        .isEqualTo(matches);
  }

  @Test
  void linesOfIfNoneMatchAreOneList() {
    assertThat(
            Conditions.notModified(
                fields("if-none-match: \"b\"", "if-none-match: \"a\""), stored("etag: \"a\"")))
        .isTrue();
    assertThat(Conditions.notModified(fields("if-none-match: *"), stored())).isTrue();
    assertThat(Conditions.notModified(fields("if-none-match: \"a\""), stored())).isFalse();
  }

  // RFC 9110 section 13.1.3 and RFC 9111 section 4.3.2.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        AT_TEN + " | last-modified: " + AT_TEN + " | true",
        AT_ELEVEN + " | last-modified: " + AT_TEN + " | true",
        AT_TEN + " | last-modified: " + AT_ELEVEN + " | false",
        "Monday, 01-Jun-26 10:00:00 GMT | last-modified: " + AT_TEN + " | true",
        "yesterday | last-modified: " + AT_TEN + " | false",
        AT_TEN + " | last-modified: yesterday | false",
        Samples.DATE + " | date: " + Samples.DATE + " | true",
        AT_ELEVEN + " | date: " + Samples.DATE + " | false",
        AT_TEN + " | x: y | false",
      })
  void ifModifiedSinceComparesTimes(String since, String field, boolean notModified) {
    assertThat(Conditions.notModified(fields("if-modified-since: " + since), stored(field)))
        .isEqualTo(notModified);
  }

  @Test
  void ofTwoTimesNoneCounts() {
    HttpHeaders request =
        fields("if-modified-since: " + AT_ELEVEN, "if-modified-since: " + AT_ELEVEN);

    assertThat(Conditions.notModified(request, stored("last-modified: " + AT_TEN))).isFalse();
  }

  @Test
  void theTagGoesBeforeTheTime() {
    Head stored = stored("etag: \"a\"", "last-modified: " + AT_TEN);

    assertThat(
            Conditions.notModified(
                fields("if-none-match: \"b\"", "if-modified-since: " + AT_TEN), stored))
        .isFalse();
    assertThat(
            Conditions.notModified(
                fields("if-none-match: \"a\"", "if-modified-since: Sun, 06 Nov 1994 08:49:37 GMT"),
                stored))
        .isTrue();
    assertThat(Conditions.notModified(fields(), stored)).isFalse();
  }

  // RFC 9111 section 4.3.1.
  @Test
  void bothValidatorsAreSentAlong() {
    HttpHeaders request = fields("if-none-match: \"client\"");
    Conditions.validate(stored("etag: W/\"a\"", "last-modified: " + AT_TEN), request);

    assertThat(request.getAll("if-none-match")).containsExactly("W/\"a\"");
    assertThat(request.getAll("if-modified-since")).containsExactly(AT_TEN);
    assertThat(Conditions.canValidate(stored("etag: \"a\""))).isTrue();
    assertThat(Conditions.canValidate(stored("last-modified: " + AT_TEN))).isTrue();
    assertThat(Conditions.canValidate(stored("date: " + AT_TEN))).isFalse();
  }

  // RFC 9111 section 4.3.4.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "etag: \"a\" | etag: \"a\" | true",
        "etag: W/\"a\" | etag: W/\"a\" | true",
        "etag: \"b\" | etag: \"a\" | false",
        "x: y | etag: \"a\" | true",
        "x: y | x: y | true",
        "etag: \"a\" | last-modified: " + AT_TEN + " | false",
        "etag: W/\"a\" | x: y | false",
        "last-modified: " + AT_TEN + " | last-modified: " + AT_TEN + " | true",
        "last-modified: " + AT_ELEVEN + " | last-modified: " + AT_TEN + " | false",
        "last-modified: " + AT_TEN + " | etag: \"a\" | true",
      })
  void a304IsAboutTheAnswerWithItsValidators(String notModified, String stored, boolean confirms) {
    assertThat(Conditions.confirms(fields(notModified), stored(stored))).isEqualTo(confirms);
  }

  @Test
  void aTagThatIsNewNeedsTheSameTime() {
    HttpHeaders notModified = fields("etag: \"a\"", "last-modified: " + AT_TEN);

    assertThat(Conditions.confirms(notModified, stored("last-modified: " + AT_TEN))).isTrue();
    assertThat(Conditions.confirms(notModified, stored("last-modified: " + AT_ELEVEN))).isFalse();
  }

  // RFC 9110 section 13.1.5: strong comparison, of dates by identity.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"a\" | etag: \"a\" | true",
        "\"b\" | etag: \"a\" | false",
        "W/\"a\" | etag: W/\"a\" | false",
        "\"a\" | etag: W/\"a\" | false",
        "\"a\" | x: y | false",
        "* | etag: \"a\" | false",
        AT_TEN + " | last-modified: " + AT_TEN + " | true",
        AT_ELEVEN + " | last-modified: " + AT_TEN + " | false",
        "Monday, 01-Jun-26 10:00:00 GMT | last-modified: " + AT_TEN + " | false",
        AT_TEN + " | x: y | false",
        // It may have changed twice within the second (section 8.8.2.2).
        Samples.DATE + " | last-modified: " + Samples.DATE + " | false",
      })
  void ifRangeComparesStrongly(String condition, String field, boolean allows) {
    assertThat(
            Conditions.allowsRange(
                fields("if-range: " + condition), stored(field, "date: " + Samples.DATE)))
        .isEqualTo(allows);
  }

  @Test
  void aTimeWithoutADateIsNotStrong() {
    Head stored = stored("last-modified: " + AT_TEN);

    assertThat(Conditions.allowsRange(fields("if-range: " + AT_TEN), stored)).isFalse();
    assertThat(Conditions.allowsRange(fields(), stored)).isTrue();
  }

  @Test
  void someAreForTheServiceAlone() {
    assertThat(Conditions.forService(fields("if-match: *"))).isTrue();
    assertThat(Conditions.forService(fields("if-unmodified-since: " + AT_TEN))).isTrue();
    assertThat(Conditions.forService(fields("if-none-match: *"))).isFalse();
    HttpHeaders all = fields("if-match: *", "if-range: \"a\"", "if-none-match: *", "x: y");
    assertThat(Conditions.in(all)).isTrue();
    Conditions.removeFrom(all);
    assertThat(Conditions.in(all)).isFalse();
    assertThat(all.contains("x")).isTrue();
  }
}

package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerPartTest {
  private static String of(String parts, String... request) {
    List<CallerPart> all = Stream.of(parts.split(" ")).map(CallerPart::new).toList();
    return CallerPart.of(all, fields(request));
  }

  @Test
  void withoutPartsAllCallersAreOne() {
    assertThat(CallerPart.of(List.of(), fields("x-tenant: red"))).isEmpty();
  }

  @Test
  void whatIsNamedTellsCallersApartAndNothingElseDoes() {
    assertThat(of("x-tenant", "X-Tenant: red", "x-user: a"))
        .isEqualTo(of("x-tenant", "x-tenant: red", "x-user: b"))
        .isNotEqualTo(of("x-tenant", "x-tenant: blue", "x-user: a"))
        .isNotEqualTo(of("x-tenant", "x-user: a"));
  }

  @Test
  void noFieldAndAnEmptyOneAreTwo() {
    assertThat(of("x-tenant")).isNotEqualTo(of("x-tenant", "x-tenant:"));
  }

  @Test
  void severalLinesAreNotOne() {
    String both = of("x-tenant", "x-tenant: red", "x-tenant: blue");

    assertThat(both)
        .isNotEqualTo(of("x-tenant", "x-tenant: blue", "x-tenant: red"))
        .isNotEqualTo(of("x-tenant", "x-tenant: red"))
        .isNotEqualTo(of("x-tenant", "x-tenant: redblue"))
        .isNotEqualTo(of("x-tenant", "x-tenant: red,blue"))
        .isNotEqualTo(of("x-tenant", "x-tenant: red", "x-tenant: blue", "x-tenant:"));
  }

  @Test
  void whatOnePartHasIsNotAnothers() {
    assertThat(of("x-a x-b", "x-a: 1"))
        .isNotEqualTo(of("x-a x-b", "x-b: 1"))
        .isNotEqualTo(of("x-a", "x-a: 1"));
    assertThat(of("x-a x-b", "x-a: 1x-b", "x-b: 2"))
        .isNotEqualTo(of("x-a x-b", "x-a: 1", "x-b: x-b2"));
  }

  @Test
  void theOrderOfFieldsDoesNotCountThatOfPartsDoes() {
    assertThat(of("x-a x-b", "x-a: 1", "x-b: 2"))
        .isEqualTo(of("x-a x-b", "x-b: 2", "x-a: 1"))
        .isNotEqualTo(of("x-b x-a", "x-a: 1", "x-b: 2"));
  }

  @Test
  void thePrincipalIsWhoeverTheCredentialSays() {
    assertThat(of("principal", "Authorization: Bearer red"))
        .isEqualTo(of("principal", "authorization: Bearer red"))
        .isNotEqualTo(of("principal", "authorization: Bearer blue"))
        .isNotEqualTo(of("principal"))
        .isNotEqualTo(of("principal", "principal: Bearer red"));
  }

  @ParameterizedTest
  @CsvSource({"principal, Authorization", "authorization, Authorization", "cookie, Cookie"})
  void noCredentialIsReadable(String part, String field) {
    String text = of(part, field + ": s3cret", field + ": t0ken");

    assertThat(text).doesNotContain("s3cret", "t0ken").matches("\\w+\n([0-9a-f]{64}\r){2}\n");
  }
}

package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryRuleTest {
  private static final QueryRule IGNORING =
      new QueryRule(false, List.of("utm_*", "sid"), List.of());
  private static final QueryRule ONLY = new QueryRule(false, List.of(), List.of("id", "p*"));
  private static final QueryRule SORTED = new QueryRule(true, List.of(), List.of());

  @ParameterizedTest
  @CsvSource({"a=1&b=2", "b=2&a=1", "''", "&", "a", "a=1&&b"})
  void asSentNothingIsChanged(String query) {
    assertThat(QueryRule.AS_SENT.apply(query)).isEqualTo(query);
  }

  @Test
  void noQueryIsNotAnEmptyOne() {
    assertThat(QueryRule.AS_SENT.apply(null)).isNull();
    assertThat(SORTED.apply(null)).isNull();
    assertThat(SORTED.apply("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1&utm_source=x | a=1",
        "utm_=x&a=1 | a=1",
        "utm_source&a=1&sid | a=1",
        "sid2=1 | sid2=1",
        "a=sid | a=sid",
        "SID=1 | SID=1",
        "b=2&a=1 | b=2&a=1",
      })
  void whatIsIgnoredIsNoPartOfIt(String query, String kept) {
    assertThat(IGNORING.apply(query)).isEqualTo(kept);
    assertThat(IGNORING.apply("utm_source=x&sid=1")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id=1&x=2 | id=1",
        "x=id&page=2 | page=2",
        "id&id=2 | id&id=2",
        "p | p",
      })
  void onlyWhatIsNamedIs(String query, String kept) {
    assertThat(ONLY.apply(query)).isEqualTo(kept);
    assertThat(ONLY.apply("x=1&y")).isNull();
  }

  @Test
  void sortedTheOrderDoesNotCount() {
    assertThat(SORTED.apply("b=2&a=1&c"))
        .isEqualTo("a=1&b=2&c")
        .isEqualTo(SORTED.apply("c&a=1&b=2"));
  }
}

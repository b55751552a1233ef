package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertFreshFor;
import static dev.headgate.contract.cache.CacheAssertions.assertNotFresh;
import static dev.headgate.contract.cache.CacheAssertions.assertNotStored;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code CDN-Cache-Control}: what is said to caches like this one (RFC 9213). */
@Once
class TargetedControlIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private final Page page = CacheGateway.plain();

  private Page answers(String targeted, String... more) {
    String[] fields = java.util.Arrays.copyOf(more, more.length + 1);
    fields[more.length] = "CDN-Cache-Control: " + targeted;
    return page.answers(ok(fields));
  }

  /** 2.2: it replaces Cache-Control and Expires. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cache-Control: no-store",
        "Cache-Control: private",
        "Cache-Control: max-age=0, must-revalidate",
        "Cache-Control: s-maxage=10",
        "Expires: 0",
      })
  void goesBeforeWhatIsSaidToAll(String field) throws Exception {
    assertFreshFor(50, answers("max-age=100", field, "Age: 50"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-store", "private", "no-store, max-age=60", "private, max-age=60"})
  void forbidsStoringToo(String targeted) throws Exception {
    assertNotStored(answers(targeted, "Cache-Control: max-age=100", "ETag: \"a\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-age=0", "max-age=10", "no-cache", "no-cache, max-age=100"})
  void endsFreshnessToo(String targeted) throws Exception {
    assertNotFresh(answers(targeted, "Cache-Control: max-age=100", "Age: 50"));
  }

  /** Although it says nothing of freshness, it is the one that counts. */
  @ParameterizedTest
  @ValueSource(strings = {"foo", "must-revalidate", "public"})
  void replacesEvenWithoutFreshness(String targeted) throws Exception {
    assertNotFresh(answers(targeted, "Cache-Control: max-age=100"));
  }

  /** 2.1: where it is empty or no dictionary, it is as if it were not there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "max-age=0,",
        "max-age=0 no-store",
        "Max-Age=0",
        "NO-STORE",
        "max-age=",
        "no-store; ;",
        "no-store=",
        "max-age=1000000000000000",
        "private=\"open",
        "max-age=0, &",
        "no-store,,max-age=0",
      })
  void doesNotCountWhereItDoesNotParse(String targeted) throws Exception {
    assertFreshFor(50, answers(targeted, "Cache-Control: max-age=100", "Age: 50"));
  }

  /** 2.1: structured fields, with parameters that do not matter, and where the last wins. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age=100;a=b",
        "max-age=100;a;b=\"no-store\", foo=(a b)",
        "max-age=0, max-age=100",
        "max-age=100,  foo=:aGk=:, bar=?0",
        "s-maxage=100, max-age=1",
      })
  void isReadAsADictionary(String targeted) throws Exception {
    assertFreshFor(50, answers(targeted, "Cache-Control: no-store", "Age: 50"));
  }

  @Test
  void linesAreOneDictionary() throws Exception {
    answers("max-age=100", "CDN-Cache-Control: foo", "Cache-Control: no-store");

    assertFreshFor(100, page);
  }

  /** A number of seconds is an Integer; what is of another type says nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {"max-age=\"100\"", "max-age=100.0", "max-age=abc", "max-age", "max-age=-1"})
  void freshnessOfAnotherTypeIsNone(String targeted) throws Exception {
    assertNotFresh(answers(targeted, "Cache-Control: max-age=100"));
  }

  @Test
  void letsAnswersToCallersWithCredentialsBeShared() throws Exception {
    answers("public, max-age=60", "Cache-Control: private");

    assertStored(page, "Authorization: Basic QTpi");
  }

  @Test
  void clientsGetBothFieldsAsTheyWere() throws Exception {
    answers("max-age=60", "Cache-Control: no-store");

    Response again = assertStored(page);

    assertThat(again.need("cache-control")).isEqualTo("no-store");
  }
}

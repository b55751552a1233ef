package dev.headgate.policy.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Set;

/**
 * What strangers say of caching: each reading is one, is bounded, and is the same a second time.
 */
class CacheFieldsFuzzTest {
  private static final long NOW = Samples.NOW / 1000;
  private static final List<String> NUMBERS = List.of("max-age", "s-maxage", "stale-if-error");

  /** Lines as they come, of which not all are lines that a connection would let through. */
  private static HttpHeaders headers(String name, byte[] octets) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    for (String line : new String(octets, ISO_8859_1).split("\n", -1)) {
      headers.add(name, line);
    }
    return headers;
  }

  @FuzzTest(maxDuration = "10s")
  void aResponsesCacheControlIsRead(byte[] octets) {
    HttpHeaders headers = headers("cache-control", octets);
    Directives said = Directives.of(headers);
    check(said);
    Freshness freshness = Freshness.of(200, headers, said, false, NOW, Samples.route(5, 5, 5));
    assertThat(freshness.lifetime()).isBetween(0L, Directives.MOST_SECONDS);
    assertThat(freshness.onError()).isBetween(0L, Directives.MOST_SECONDS);
    assertThat(freshness.whileRevalidating()).isBetween(0L, Directives.MOST_SECONDS);
    Storing storing = Storing.of(headers, 200, headers, said, false, freshness);
    for (String line : headers.getAll("cache-control")) {
      List<String> members = ListField.members(line);
      assertThat(ListField.members(String.join(",", members))).isEqualTo(members);
      if (members.contains("no-store") || members.contains("private")) {
        assertThat(storing.allowed() && !said.has("must-understand")).isFalse();
      }
    }
    assertThat(Directives.of(headers).seconds("max-age")).isEqualTo(said.seconds("max-age"));
  }

  private static void check(Directives said) {
    for (String name : NUMBERS) {
      assertThat(said.seconds(name)).isBetween(Directives.INVALID, Directives.MOST_SECONDS);
      assertThat(said.seconds(name) == Directives.ABSENT).isEqualTo(!said.has(name));
    }
    for (String name : List.of("private", "no-cache")) {
      List<String> fields = said.fields(name);
      assertThat(fields).noneMatch(String::isBlank);
      assertThat(said.unqualified(name)).isEqualTo(said.has(name) && fields.isEmpty());
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aRequestsCacheControlIsRead(byte[] octets) {
    HttpHeaders headers = headers("cache-control", octets);
    RequestTerms terms = RequestTerms.of(headers);
    assertThat(RequestTerms.of(headers)).isEqualTo(terms);
    assertThat(terms.maxAge()).isBetween(-1L, Directives.MOST_SECONDS);
    assertThat(terms.minFresh()).isBetween(-1L, Directives.MOST_SECONDS);
    assertThat(terms.maxStale()).isGreaterThanOrEqualTo(-1);
    assertThat(terms.staleIfError()).isBetween(-1L, Directives.MOST_SECONDS);
    Stored stored = Samples.stored(Samples.head(200, Samples.fresh(5)), "a");
    assertThat(Verdict.of(stored, terms, Samples.NOW + 3_000)).isNotNull();
    stored.letGo();
  }

  @FuzzTest(maxDuration = "10s")
  void aTargetedOneIsReadOrIgnored(byte[] octets) {
    Directives said = Targeted.of(headers(Targeted.FIELD, octets));
    if (said != null) {
      assertThat(said.isEmpty() && octets.length == 0).isFalse();
      check(said);
    }
  }

  @FuzzTest(maxDuration = "10s")
  void whatVariesMatchesItself(byte[] octets) {
    HttpHeaders response = headers("vary", octets);
    HttpHeaders request = headers("accept-language", octets);
    request.add(headers("x-a", octets));
    List<String> names = Vary.of(response);
    assertThat(names).doesNotHaveDuplicates().isSorted().noneMatch(String::isBlank);
    for (List<String> one : List.of(names, List.of("accept-language", "x-a"))) {
      Vary vary = Vary.of(one, request);
      assertThat(vary.matches(request)).isTrue();
      assertThat(Vary.of(one, request.copy())).isEqualTo(vary);
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aDateIsReadAsItIsWritten(byte[] octets) {
    long seconds = HttpDates.seconds(new String(octets, ISO_8859_1), NOW);
    if (seconds != HttpDates.NONE) {
      assertThat(HttpDates.seconds(HttpDates.text(seconds * 1000), NOW)).isEqualTo(seconds);
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aRangeIsWithinTheAnswer(byte[] octets) {
    String field = new String(octets, ISO_8859_1);
    for (int whole : new int[] {0, 1, 10, Integer.MAX_VALUE}) {
      ByteRange.of(field, whole)
          .ifPresent(
              part -> {
                assertThat(part.first()).isNotNegative();
                assertThat(part.length()).isNotNegative();
                assertThat(part.first() + part.length()).isLessThanOrEqualTo(whole);
                String again =
                    "bytes=%d-%d".formatted(part.first(), part.first() + part.length() - 1L);
                if (part.length() > 0) {
                  assertThat(ByteRange.of(again, whole)).contains(part);
                }
              });
    }
  }

  @FuzzTest(maxDuration = "10s")
  void conditionsAreJudged(byte[] octets) {
    HttpHeaders request = headers("if-none-match", octets);
    request.add(headers("if-range", octets));
    Head stored = Samples.head(200, Samples.fresh(5), "etag: \"a\"", "date: " + Samples.DATE);
    boolean has = Conditions.notModified(request, stored);
    assertThat(Conditions.notModified(request, stored)).isEqualTo(has);
    Set<String> tags = Set.of("\"a\"", "W/\"a\"", "*");
    boolean named =
        request.getAll("if-none-match").stream()
            .flatMap(line -> ListField.tags(line).stream())
            .anyMatch(tags::contains);
    assertThat(has).isEqualTo(named);
    assertThat(Conditions.allowsRange(request, stored))
        .isEqualTo("\"a\"".equals(request.get("if-range")));
  }
}

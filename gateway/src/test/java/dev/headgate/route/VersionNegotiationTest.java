package dev.headgate.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.headgate.exchange.VersionSource;
import dev.headgate.route.VersionOutcome.Refused;
import dev.headgate.route.VersionOutcome.Said;
import dev.headgate.route.VersionOutcome.Selected;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionNegotiationTest {
  private static final PathPattern PATTERN =
      PathPattern.versioned("/v{version}", PathPattern.parse("/users/**"));

  private static VersionNegotiation<String> of(
      VersionScheme scheme, VersionMatch match, String byDefault, String... ids) {
    return new VersionNegotiation<>(
        new VersionSources(true, "version", "X-API-Version", "version"),
        scheme,
        match,
        List.of(ids).stream().map(id -> new VersionNegotiation.Entry<>(id, "to " + id)).toList(),
        byDefault.isEmpty() ? null : byDefault);
  }

  private static final VersionNegotiation<String> USERS =
      of(VersionScheme.NUMBER, VersionMatch.EXACT, "2", "1", "2", "2.1");

  private static String said(VersionNegotiation<String> versions, Requests request) {
    VersionOutcome<String> outcome = versions.negotiate(PATTERN.match(request.path()), request);
    if (outcome instanceof Selected<String> selected) {
      assertThat(selected.value()).isEqualTo("to " + selected.id());
      return selected.id() + " " + selected.source().word();
    }
    return ((Refused<String>) outcome).reason().toString();
  }

  private static Requests accept(String... lines) {
    Requests request = Requests.get("/users");
    for (String line : lines) {
      request = request.with("Accept", line);
    }
    return request;
  }

  @ParameterizedTest
  @CsvSource({
    "/users,                      2 default",
    "/v1/users,                   1 path",
    "/v1.0/users/7,               1 path",
    "/%761/users,                 1 path",
    "/v%31/users,                 1 path",
    "/v2.1/users,                 2.1 path",
    "/v2%2E1/users,               2.1 path",
    "/v3/users,                   UNSUPPORTED",
    "/v2x/users,                  UNSUPPORTED",
    "/users?version=1,            1 query",
    "/users?x=2&ver%73ion=v1.0,   1 query",
    "/users?version=2%2E1,        2.1 query",
    "/users?version=+1,           1 query",
    "/users?version=1&version=v1, 1 query",
    "/users?version=1&version=2,  CONFLICT",
    "/users?version=3,            UNSUPPORTED",
    "/users?version=,             UNSUPPORTED",
    "/users?version,              UNSUPPORTED",
    "/v1/users?version=1.0,       1 path",
    "/v1/users?version=2,         CONFLICT",
    "/v9/users?version=1,         UNSUPPORTED",
  })
  void pathAndQuery(String target, String expected) {
    assertThat(said(USERS, Requests.get(target))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 1 header",
        "v2.1 | 2.1 header",
        "1, 1.0 | 1 header",
        "1,\t1 | 1 header",
        "1, | 1 header",
        "1, 2 | CONFLICT",
        "3 | UNSUPPORTED",
        "'' | UNSUPPORTED",
        "', ' | UNSUPPORTED",
        "%31 | UNSUPPORTED",
      })
  void header(String value, String expected) {
    assertThat(said(USERS, Requests.get("/users").with("x-api-version", value)))
        .isEqualTo(expected);
  }

  @Test
  void linesOfTheHeaderAreOne() {
    Requests one = Requests.get("/users").with("X-API-Version", "1");
    assertThat(said(USERS, one.with("X-API-Version", "v1"))).isEqualTo("1 header");
    assertThat(said(USERS, one.with("X-API-Version", "2"))).isEqualTo("CONFLICT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*/* | 2 default",
        "application/json;version=1 | 1 accept",
        "*/*, application/vnd.api+json;version=1 | 1 accept",
        "application/json;version=1;q=0.1, application/json;version=2.1;q=0.9 | 2.1 accept",
        "a/b;version=2;q=0.5, a/b;version=1;q=0.5 | 2 accept",
        "a/b;version=9, a/b;version=1;q=0.1 | 1 accept",
        "a/b;version=9, */* | UNSUPPORTED",
        "a/b;version=1;q=0 | 2 default",
        "a/b;version=9;q=0 | 2 default",
        "a/b;version=\"1\" | 1 accept",
        "a/b;x=\"version=1\" | 2 default",
        "a/b;version=1;version=2 | UNSUPPORTED",
        "a/b;version=1;version=v1 | 1 accept",
        "a/b;q=0.3;version=1 | 1 accept",
        "a/b;version= | UNSUPPORTED",
        "a/b;Version=1 | 1 accept",
      })
  void acceptIsReadInFull(String line, String expected) {
    assertThat(said(USERS, accept(line))).isEqualTo(expected);
  }

  @Test
  void linesOfAcceptAreOneList() {
    assertThat(said(USERS, accept("a/b;version=1;q=0.2", "a/b;version=2.1;q=0.3")))
        .isEqualTo("2.1 accept");
    assertThat(said(USERS, accept("a/b;version=9", "*/*", "a/b;version=1;q=0.3")))
        .isEqualTo("1 accept");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a/b;version=2, c/d                              | a/b, c/d",
        "a/b;version=1;q=0, a/b;version=2                | a/b",
        "a/b;version=2, a/b;version=1;q=0                | a/b",
        "a/b;version=2 ,\ta/b;q=0.0;version=9;x=1 , c/d  | a/b , c/d",
        "a/b;version=2;q=0, c/d                          | a/b;q=0, c/d",
        "a/b;q=0, c/d;version=2                          | a/b;q=0, c/d",
        "a/b;version=1;q=0.5, c/d;version=2              | a/b;q=0.5, c/d",
        "a/b;version=1;q=0                               | ``",
        "a/b;x=\",\";version=1;q=0, c/d;version=9;q=0    | ``",
      })
  void theServiceGetsNoRangeThatIsRefusedInAnotherVersion(String line, String forwarded) {
    assertThat(USERS.acceptWithoutVersion(line, "2")).isEqualTo(forwarded);
  }

  @Test
  void twoPlacesOfOneVersionAgreeHoweverTheyWriteIt() {
    Requests request = accept("a/b;version=v1.0").with("x-api-version", "1");
    assertThat(said(USERS, request)).isEqualTo("1 accept");
    assertThat(said(USERS, request.with("x-api-version", "2"))).isEqualTo("CONFLICT");
  }

  @Test
  void aConflictTellsAllPlaces() {
    Requests request = Requests.get("/v1/users?version=2").with("x-api-version", "1");
    var refused = (Refused<String>) USERS.negotiate(PATTERN.match(request.path()), request);
    assertThat(refused.said())
        .containsExactly(
            new Said(VersionSource.PATH, "1", true),
            new Said(VersionSource.HEADER, "1", true),
            new Said(VersionSource.QUERY, "2", true));
  }

  @Test
  void unsupportedTellsWhatIsNotAndWhatIs() {
    Requests request = Requests.get("/v1/users?version=" + "9".repeat(60));
    var refused = (Refused<String>) USERS.negotiate(PATTERN.match(request.path()), request);
    assertThat(refused.supported()).containsExactly("1", "2", "2.1");
    assertThat(refused.said())
        .containsExactly(new Said(VersionSource.QUERY, "9".repeat(40), false));
  }

  @Test
  void whatIsTooLongToTellIsCutBetweenCharacters() {
    Requests request = Requests.get("/users?version=" + "a".repeat(39) + "%F0%9F%98%80");
    var refused = (Refused<String>) USERS.negotiate(PATTERN.match(request.path()), request);
    assertThat(refused.said())
        .containsExactly(new Said(VersionSource.QUERY, "a".repeat(39), false));
  }

  @Test
  void aRangeOfTwoVersionsIsToldWithBoth() {
    Requests request = accept("a/b;version=1;q=1;version=\"2\"");
    var refused = (Refused<String>) USERS.negotiate(PATTERN.match(request.path()), request);
    assertThat(refused.said()).containsExactly(new Said(VersionSource.ACCEPT, "1 and 2", false));
  }

  @Test
  void withoutADefaultAVersionIsRequired() {
    var versions = of(VersionScheme.NUMBER, VersionMatch.EXACT, "", "1");
    assertThat(said(versions, Requests.get("/users"))).isEqualTo("REQUIRED");
    assertThat(said(versions, accept("*/*"))).isEqualTo("REQUIRED");
  }

  @ParameterizedTest
  @CsvSource({
    "1,1.4",
    "1.0,1.4",
    "1.4,1.4",
    "1.3,UNSUPPORTED",
    "2,2.1.7",
    "2.1,2.1.7",
    "2.1.3,2.1.3",
    "2.1.4,UNSUPPORTED",
    "2.0,2.1.7",
    "3,UNSUPPORTED",
    "0,UNSUPPORTED"
  })
  void compatibleIsServedByTheHighest(String asked, String served) {
    var versions =
        of(VersionScheme.NUMBER, VersionMatch.COMPATIBLE, "2", "1.4", "1", "2.1.3", "2.1.7", "2");
    assertThat(said(versions, Requests.get("/users?version=" + asked))).startsWith(served);
    assertThat(said(versions, Requests.get("/users"))).isEqualTo("2 default");
  }

  @ParameterizedTest
  @CsvSource({
    "2025-12-31,UNSUPPORTED",
    "2026-01-15,2026-01-15",
    "2026-06-30,2026-01-15",
    "2026-11-01,2026-11-01",
    "2030-01-01,2026-11-01",
    "2026-02-30,UNSUPPORTED",
    "2,UNSUPPORTED"
  })
  void datesAreServedByTheNewestNotAfterThem(String asked, String served) {
    var versions =
        of(VersionScheme.DATE, VersionMatch.NEWEST_NOT_AFTER, "", "2026-11-01", "2026-01-15");
    assertThat(said(versions, Requests.get("/users?version=" + asked))).startsWith(served);
    assertThat(said(versions, Requests.get("/v" + asked + "/users"))).startsWith(served);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/vendors/users", "/v/users", "/vx1/users"})
  void whatOnlyBeginsLikeAVersionIsNone(String path) {
    assertThat(PATTERN.match(path)).isNull();
  }

  @Test
  void whatIsLeftOfThePathIsAsTheClientWroteIt() {
    assertThat(matched("/v2/users/a%2Fb//c/").unversioned().rawPath())
        .isEqualTo("/users/a%2Fb//c/");
    assertThat(matched("/v2/users/a%2Fb/").unversioned().rest()).isEqualTo("/a%2Fb/");
    PathPattern all = PathPattern.versioned("/api/v{version}", PathPattern.parse("/**"));
    PathMatch match = all.match("/api/v2");
    assertThat(match).isNotNull();
    assertThat(match.unversioned().rawPath()).isEmpty();
  }

  private static PathMatch matched(String path) {
    PathMatch match = PATTERN.match(path);
    assertThat(match).isNotNull();
    return match;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/v",
        "v{version}",
        "/{version}",
        "/v2{version}",
        "/{x}/v{version}",
        "/*/v{version}",
        "/v{version}x",
        "/a b{version}",
        "/%76{version}"
      })
  void noPrefixIsTakenThatIsNone(String prefix) {
    PathPattern path = PathPattern.parse("/users");
    assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.versioned(prefix, path));
  }
}

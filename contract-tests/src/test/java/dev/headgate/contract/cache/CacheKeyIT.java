package dev.headgate.contract.cache;

import static dev.headgate.contract.cache.CacheAssertions.assertForwarded;
import static dev.headgate.contract.cache.CacheAssertions.assertHit;
import static dev.headgate.contract.cache.CacheAssertions.assertStored;
import static dev.headgate.contract.cache.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tells one entry from another (RFC 9111, section 2), and one tenant's from another's. */
@Once
class CacheKeyIT {
  @RegisterExtension static final SharedGateway GATEWAY = CacheGateway.GATEWAY;

  private static final Reply SHARED = ok("Cache-Control: public, max-age=60");

  private final Page page = CacheGateway.plain().answers(SHARED);

  private static Page page(String prefix) {
    return CacheGateway.page(prefix).answers(SHARED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | ?a=1",
        "'' | ?",
        "?a=1 | ?a=2",
        "?a=1&b=2 | ?b=2&a=1",
        "?a=b | ?a=B",
        "?a=%41 | ?a=A",
        "?a=1 | ?a=1&",
        "?a=1&a=2 | ?a=2&a=1",
      })
  void anotherQueryIsAnotherEntry(String one, String other) throws Exception {
    Page first = page.with(one);
    Page second = page.with(other);

    assertStored(first);
    assertForwarded(second.get(), "uri-miss");

    assertThat(assertHit(first.get()).text()).isEqualTo("answer 1");
    assertThat(assertHit(second.get()).text()).isEqualTo("answer 2");
    assertThat(page.last().target()).isEqualTo(second.target());
  }

  @Test
  void anotherPathIsAnotherEntry() throws Exception {
    assertStored(page.below("/a").answers(SHARED));

    for (String other : new String[] {"/A", "/a/", "/a/b", "/%61b", ""}) {
      Page second = page.below(other).answers(ok("Cache-Control: max-age=60", "X-Is: " + other));
      assertThat(assertStored(second).header("x-is")).isEqualTo(other);
    }
  }

  @Test
  void anotherHostIsAnotherEntry() throws Exception {
    assertStored(page, "Host: one.example");

    assertForwarded(page.get("Host: two.example"), "uri-miss");
    assertForwarded(page.get("Host: one.example:8080"), "uri-miss");
    assertThat(assertHit(page.get("Host: one.example")).text()).isEqualTo("answer 1");
  }

  /** RFC 9110, 4.2.3: hosts are alike in any case. */
  @Test
  void theCaseOfAHostMakesNoDifference() throws Exception {
    assertStored(page, "Host: one.example");

    assertHit(page, "Host: ONE.Example");
  }

  /** RFC 9112, 3.2.2: in absolute form the target says the host. */
  @Test
  void theAbsoluteFormHasTheHostOfItsTarget() throws Exception {
    assertStored(page, "Host: one.example");

    Response response;
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      String line = "GET http://one.example" + page.target() + " HTTP/1.1\r\n";
      response = http.send(line + "Host: one.example\r\n\r\n").response("GET");
    }

    assertThat(assertHit(response).text()).isEqualTo("answer 1");
  }

  @Test
  void theOrderOfParametersCanBeLeftOut() throws Exception {
    Page sorted = page("/sorted");
    Page first = sorted.with("?b=2&a=1&a=0");
    assertStored(first);

    assertHit(sorted.with("?a=1&b=2&a=0").get());
    assertForwarded(sorted.with("?a=0&b=2&a=1&c").get(), "uri-miss");

    assertThat(sorted.received(1).target()).isEqualTo(first.target());
  }

  @Test
  void parametersCanBeIgnored() throws Exception {
    Page ignoring = page("/ignoring");
    assertStored(ignoring.with("?a=1&utm_source=mail&session=7"));

    assertHit(ignoring.with("?a=1").get());
    assertHit(ignoring.with("?utm_campaign=x&a=1&session").get());
    assertForwarded(ignoring.with("?a=2&session=7").get(), "uri-miss");
    assertForwarded(ignoring.with("?a=1&sessions=7").get(), "uri-miss");
    assertForwarded(ignoring.with("?a=1&utm=7").get(), "uri-miss");

    assertThat(ignoring.received(1).target()).endsWith("?a=1&utm_source=mail&session=7");
  }

  @Test
  void orOnlySomeCount() throws Exception {
    Page only = page("/only");
    assertStored(only.with("?page=1&a=1"));

    assertHit(only.with("?b=2&page=1").get());
    assertHit(only.with("?page=1").get());
    assertForwarded(only.with("?page=2&a=1").get(), "uri-miss");
    assertForwarded(only.with("?a=1").get(), "uri-miss");
    assertThat(assertHit(only.with("?pages=1").get()).text()).isEqualTo("answer 3");
  }

  @Test
  void noTenantSeesAnothers() throws Exception {
    Page tenants = page("/tenants");
    assertStored(tenants, "X-Tenant: red");
    assertStored(tenants, "X-Tenant: blue");
    assertStored(tenants, "X-Tenant: RED");
    assertStored(tenants);

    assertThat(assertHit(tenants.get("X-Tenant: red")).text()).isEqualTo("answer 1");
    assertThat(assertHit(tenants.get("X-Tenant: blue")).text()).isEqualTo("answer 2");
    assertThat(assertHit(tenants.get("X-Tenant: RED")).text()).isEqualTo("answer 3");
    assertThat(assertHit(tenants.get()).text()).isEqualTo("answer 4");
  }

  /** However the values are joined. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a; b,c; a,b; c",
        "a; ''; ''; a",
        "a|b; c; a; b|c",
        "a&X-User=b; c; a; b&c",
        "a:b; c; a; b:c",
        "ab; c; a; bc",
      })
  void valuesThatJoinAlikeAreStillTwo(String tenant, String user, String other, String otherUser)
      throws Exception {
    Page users = page("/users");
    assertStored(users, "X-Tenant: " + tenant, "X-User: " + user);

    Response second = users.get("X-Tenant: " + other, "X-User: " + otherUser);

    assertThat(second.text()).isEqualTo("answer 2");
  }

  @Test
  void severalLinesOfATenantAreNotItsFirst() throws Exception {
    Page tenants = page("/tenants");
    assertStored(tenants, "X-Tenant: red");

    assertThat(tenants.get("X-Tenant: red", "X-Tenant: blue").text()).isEqualTo("answer 2");
    assertThat(tenants.get("X-Tenant: blue").text()).isEqualTo("answer 3");
  }

  @Test
  void noCallerSeesAnothers() throws Exception {
    Page callers = page("/callers");
    assertStored(callers, "Authorization: Bearer one");
    assertStored(callers, "Authorization: Bearer two");
    assertStored(callers);

    assertThat(assertHit(callers.get("Authorization: Bearer one")).text()).isEqualTo("answer 1");
    assertThat(assertHit(callers.get("Authorization: Bearer two")).text()).isEqualTo("answer 2");
  }

  /** RFC 9111, 3.5, holds all the same. */
  @Test
  void whatIsKeptForEachCallerIsKeptOnlyWhereTheServiceSaysSo() throws Exception {
    Page callers = CacheGateway.page("/callers").answers(ok("Cache-Control: max-age=60"));

    CacheAssertions.assertNotStored(callers, "Authorization: Bearer one");
  }

  @Test
  void versionsHaveEntriesOfTheirOwn() throws Exception {
    Page versioned = page("/versioned");
    assertStored(versioned, "X-Version: 1");

    assertForwarded(versioned.get("X-Version: 2"), "uri-miss");

    assertThat(assertHit(versioned.get("X-Version: 1")).text()).isEqualTo("answer 1");
    assertThat(assertHit(versioned.get("X-Version: 2")).text()).isEqualTo("answer 2");
    assertThat(assertHit(versioned.get()).text()).as("the default").isEqualTo("answer 1");
  }
}

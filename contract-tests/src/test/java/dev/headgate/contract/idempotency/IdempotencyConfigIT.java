package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.SharedGateway;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code check} and the start say of keys. */
@Once
class IdempotencyConfigIT {
  @RegisterExtension static final SharedGateway GATEWAY = Embedded.GATEWAY;

  private static final String UPSTREAMS = "upstreams: {u: {endpoints: [\"http://127.0.0.1:9\"]}}";

  private static ConfigRepo repo(String... idempotency) {
    StringBuilder routes = new StringBuilder("routes:\n");
    for (int i = 0; i < idempotency.length; i++) {
      routes.append(
          "  r%d: {match: {path: /r%d}, upstream: u, %s}\n".formatted(i, i, idempotency[i]));
    }
    return ConfigRepo.create().upstreams(UPSTREAMS).routes(routes.toString());
  }

  private static Commands.Result check(ConfigRepo repo) throws Exception {
    return Commands.headgate("check", repo.folder().toString());
  }

  @Test
  void theIssuesDocumentsAreFine() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .gateway("headgate.store.redis.uri: redis://127.0.0.1:6379")
            .upstreams("upstreams: {payments: {endpoints: [\"http://127.0.0.1:9\"]}}")
            .routes(
                """
                routes:
                  charge:
                    match: {path: /payments/**}
                    upstream: payments
                    idempotency: {required: true, methods: [POST, PATCH], ttl: 24h, scope: [X-Tenant], max-body: 1MiB, max-response: 1MiB, on-store-failure: reject, upstream-idempotent: false}
                """);

    Commands.Result result = check(repo);

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.out()).doesNotContain("IDEMPOTENCY_");
  }

  @Test
  void everyKeyIsFine() throws Exception {
    Commands.Result result =
        check(
            repo(
                "idempotency: {}",
                "idempotency: {required: false, methods: [POST, PATCH], ttl: 24h, namespace: shared,"
                    + " scope: [principal], max-body: 1MiB, large-body: digest, max-response: 1MiB,"
                    + " wait: 0s, release-on: [409, 425, 429, 503], on-store-failure: reject,"
                    + " upstream-idempotent: false}",
                "idempotency: {scope: [principal, client-address, X-Tenant], large-body: reject,"
                    + " wait: 2s, release-on: [], on-store-failure: proceed}"));

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.out()).doesNotContain("IDEMPOTENCY_");
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() throws Exception {
    String[] wrong = {
      "idempotency: true",
      "idempotency: {require: true}",
      "idempotency: {required: perhaps}",
      "idempotency: {methods: [\"P OST\"]}",
      "idempotency: {ttl: 0s}",
      "idempotency: {ttl: 24}",
      "idempotency: {namespace: \"a b\"}",
      "idempotency: {scope: [\"X Tenant\"]}",
      "idempotency: {max-body: lots}",
      "idempotency: {large-body: maybe}",
      "idempotency: {max-response: -1}",
      "idempotency: {wait: soon}",
      "idempotency: {release-on: [42]}",
      "idempotency: {release-on: [later]}",
      "idempotency: {on-store-failure: ignore}",
      "idempotency: {upstream-idempotent: 1}",
    };

    Commands.Result result = check(repo(wrong));

    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    SoftAssertions all = new SoftAssertions();
    for (int i = 0; i < wrong.length; i++) {
      all.assertThat(result.out()).as(wrong[i]).contains("routes/test.yml:" + (i + 2) + ":");
    }
    all.assertAll();
  }

  @Test
  void requiredKeysInAStoreOfOneNodeAreAWarning() throws Exception {
    Commands.Result result =
        check(
            repo(
                "idempotency: {required: true, scope: [X-Tenant]}",
                "idempotency: {required: false}"));

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(warnings(result, "IDEMPOTENCY_EMBEDDED_STORE"))
        .singleElement()
        .asString()
        .startsWith("routes/test.yml:2:")
        .contains("idempotency-embedded-store");
  }

  @Test
  void theyAreNoneWhereRedisIsConfigured() throws Exception {
    ConfigRepo repo = repo("idempotency: {required: true, scope: [X-Tenant]}");
    repo.gateway("headgate.store.redis.uri: redis://127.0.0.1:6379");

    assertThat(warnings(check(repo), "IDEMPOTENCY_EMBEDDED_STORE")).isEmpty();
  }

  @Test
  void requiredKeysOfNobodyInParticularAreAWarning() throws Exception {
    Commands.Result result =
        check(
            repo(
                "idempotency: {required: true}",
                "idempotency: {required: true, scope: [X-Tenant]}",
                "idempotency: {required: false}"));

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(warnings(result, "IDEMPOTENCY_NO_PRINCIPAL"))
        .singleElement()
        .asString()
        .startsWith("routes/test.yml:2:");
  }

  private static List<String> warnings(Commands.Result result, String code) {
    return result.out().lines().filter(line -> line.contains(code)).toList();
  }

  @Test
  void theStartWarnsToo() {
    assertThat(GATEWAY.process().log())
        .contains("IDEMPOTENCY_EMBEDDED_STORE", "idempotency-embedded-store");
  }
}

package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ProblemCode;
import dev.headgate.exchange.Background;
import dev.headgate.telemetry.Decisions;
import dev.headgate.telemetry.Telemetry;
import dev.headgate.testing.Config;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyConfigTest {
  private static IdempotencyFactory factory(boolean embedded) {
    return new IdempotencyFactory(
        KeyStore.unasked(embedded),
        new Random(1),
        Background.UNHEARD,
        Decisions.UNCOUNTED,
        Telemetry.NONE.meters());
  }

  private static IdempotencyConfig config(String keys) {
    Idempotency policy =
        (Idempotency) Config.policy(factory(true), "idempotency: {" + keys + "}").orElseThrow();
    return policy.config();
  }

  @Test
  void aRouteThatSaysNothingHasNone() {
    assertThat(Config.policy(factory(true), "priority: 0")).isEmpty();
  }

  @Test
  void theDefaultsAreThese() {
    IdempotencyConfig config = config("required: true");

    assertThat(config.methods()).containsExactlyInAnyOrder("POST", "PATCH");
    assertThat(config.ttl()).hasHours(24);
    assertThat(config.namespace()).isNull();
    assertThat(config.scope()).containsExactly(CallerPart.PRINCIPAL);
    assertThat(config.maxBody()).isEqualTo(1 << 20);
    assertThat(config.maxResponse()).isEqualTo(1 << 20);
    assertThat(config.waiting()).isZero();
    assertThat(config.releaseOn()).containsExactlyInAnyOrder(409, 425, 429, 503);
    assertThat(config.onStoreFailure()).isEqualTo(IdempotencyConfig.OnStoreFailure.REJECT);
    assertThat(config.largeBody()).isEqualTo(IdempotencyConfig.LargeBody.DIGEST);
    assertThat(config.upstreamIdempotent()).isFalse();
  }

  @Test
  void theIssuesLineIsRead() {
    IdempotencyConfig config =
        config(
            "required: true, methods: [POST, PATCH], ttl: 24h, scope: [X-Tenant], max-body: 1MiB, max-response: 1MiB, on-store-failure: reject, upstream-idempotent: false");

    assertThat(config.scope()).containsExactly(new CallerPart("x-tenant"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "methods: [GET]",
        "methods: [POST, HEAD]",
        "methods: [post]",
        "methods: []",
        "ttl: 0s",
        "ttl: 91d",
        "scope: []",
        "scope: [a b]",
        "max-body: 65MiB",
        "max-response: 1",
        "wait: 61s",
        "release-on: [99]",
        "on-store-failure: ignore",
        "large-body: stream",
        "namespace: a/b",
        "upstream-idempotent: maybe",
        "unknown: 1",
      })
  void nonsenseIsRefused(String keys) {
    assertThat(Config.problems(factory(true), "idempotency: {" + keys + "}")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true, 'required: true', 'IDEMPOTENCY_EMBEDDED_STORE IDEMPOTENCY_NO_PRINCIPAL'",
    "false, 'required: true', 'IDEMPOTENCY_NO_PRINCIPAL'",
    "true, 'required: true, scope: [X-Tenant]', 'IDEMPOTENCY_EMBEDDED_STORE'",
    "false, 'required: true, scope: [X-Tenant]', ''",
    "true, 'required: false', ''",
  })
  void whatProtectsLessThanItSeemsIsWarnedOf(boolean embedded, String keys, String codes) {
    assertThat(Config.warnings(factory(embedded), "idempotency: {" + keys + "}"))
        .extracting(ConfigProblem::code)
        .extracting(ProblemCode::name)
        .containsExactlyInAnyOrder(codes.isEmpty() ? new String[0] : codes.split(" "));
  }

  @Test
  void theEmbeddedStoresWarningHasItsName() {
    assertThat(Config.warnings(factory(true), "idempotency: {required: true}"))
        .anyMatch(problem -> problem.message().contains("idempotency-embedded-store"));
  }
}

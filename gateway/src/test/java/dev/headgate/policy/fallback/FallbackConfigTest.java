package dev.headgate.policy.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.telemetry.Decisions;
import dev.headgate.testing.Config;
import java.util.List;
import org.junit.jupiter.api.Test;

class FallbackConfigTest {
  private static final FallbackFactory FACTORY = new FallbackFactory(Decisions.UNCOUNTED);

  private static List<String> problems(String keys) {
    return Config.problems(FACTORY, "fallback: {" + keys + "}");
  }

  @Test
  void aFixedAnswer() {
    assertThat(problems("status: 200, body: '{}', content-type: application/json")).isEmpty();
    assertThat(problems("on: [failure, 500, 503], status: 503")).isEmpty();
  }

  @Test
  void anotherUpstream() {
    assertThat(problems("upstream: u")).isEmpty();
    assertThat(problems("upstream: nobody")).singleElement().asString().contains("nobody");
  }

  @Test
  void theUpstreamThatFailedIsNotAskedPastItsBudget() {
    assertThat(Config.warnings(FACTORY, "fallback: {upstream: u}"))
        .singleElement()
        .asString()
        .contains("is the one it stands in for");
    assertThat(Config.warnings(FACTORY, "fallback: {status: 200}")).isEmpty();
  }

  @Test
  void oneOfTheTwo() {
    assertThat(problems("upstream: u, status: 200"))
        .singleElement()
        .asString()
        .contains("fixed answer");
    assertThat(problems("on: [503]")).singleElement().asString().contains("nothing to give");
  }

  @Test
  void onKnowsFailuresAndStatuses() {
    assertThat(problems("on: [200], status: 200")).singleElement().asString().contains("400..599");
    assertThat(problems("on: [sometimes], status: 200"))
        .singleElement()
        .asString()
        .contains("failure");
  }

  @Test
  void aRouteWithoutOneHasNoPolicy() {
    assertThat(Config.policy(FACTORY, "priority: 1")).isEmpty();
    assertThat(Config.policy(FACTORY, "fallback: {status: 200}")).isPresent();
  }
}

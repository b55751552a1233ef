package dev.headgate.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Specs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoliciesTest {
  private static final ConfigKey<Integer> KEY =
      new ConfigKey<>("tries", Specs.integer(1, 10), "Tries.");

  private record Factory(PolicyStage stage, List<ConfigKey<?>> keys, boolean ofUpstream)
      implements PolicyFactory {
    Factory(PolicyStage stage) {
      this(stage, List.of(), false);
    }

    @Override
    public List<ConfigKey<?>> routeKeys() {
      return ofUpstream ? List.of() : keys;
    }

    @Override
    public List<ConfigKey<?>> upstreamKeys() {
      return ofUpstream ? keys : List.of();
    }

    @Override
    public Optional<Policy> create(RouteContext context) {
      return stage == PolicyStage.RETRY
          ? Optional.empty()
          : Optional.of((Policy.Around) (exchange, next) -> next.run(exchange));
    }
  }

  private static List<PolicyFactory> complete() {
    List<PolicyFactory> all = new ArrayList<>();
    Arrays.stream(PolicyStage.values()).forEach(stage -> all.add(new Factory(stage)));
    return all;
  }

  @Test
  void areInStageOrderHoweverTheyAreRegistered() {
    List<PolicyFactory> registered = complete();
    Collections.reverse(registered);

    assertThat(new Policies(registered).factories())
        .extracting(PolicyFactory::stage)
        .containsExactly(PolicyStage.values());
  }

  @Test
  void whatARouteDoesNotUseIsNotThere() {
    assertThat(new Policies(complete()).of(RouteContext.UNROUTED))
        .hasSize(PolicyStage.values().length - 1);
  }

  @Test
  void aStageWithoutAPolicyIsRefused() {
    List<PolicyFactory> registered = complete();
    registered.remove(0);

    assertThatThrownBy(() -> new Policies(registered))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("REQUEST_ID");
  }

  @Test
  void aStageWithTwoPoliciesIsRefused() {
    List<PolicyFactory> registered = complete();
    registered.add(new Factory(PolicyStage.RETRY));

    assertThatThrownBy(() -> new Policies(registered))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("RETRY: two policies");
  }

  @Test
  void aKeyWithTwoOwnersIsRefused() {
    for (boolean ofUpstream : List.of(false, true)) {
      List<PolicyFactory> registered = complete();
      registered.set(0, new Factory(PolicyStage.REQUEST_ID, List.of(KEY), ofUpstream));
      registered.set(1, new Factory(PolicyStage.ACCESS_LOG, List.of(KEY), ofUpstream));

      assertThatThrownBy(() -> new Policies(registered))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a key has two owners");
    }
  }

  @Test
  void keysComeInStageOrder() {
    List<PolicyFactory> registered = complete();
    registered.removeIf(factory -> factory.stage() == PolicyStage.RETRY);
    registered.add(new Factory(PolicyStage.RETRY, List.of(KEY), false));
    registered.set(0, new Factory(PolicyStage.REQUEST_ID, List.of(KEY), true));

    Policies policies = new Policies(registered);

    assertThat(policies.routeKeys()).containsExactly(KEY);
    assertThat(policies.upstreamKeys()).containsExactly(KEY);
  }
}

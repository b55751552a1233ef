package dev.headgate.policy;

import dev.headgate.config.ConfigKey;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes {@code docs/policies.md} from what is registered, so that it cannot be out of date. */
public final class PolicyDocs {
  private static final String HEAD =
      """
      # Policies

      <!-- Generated from the registered policies; the build fails when it is stale. Rewrite with:
           ./mvnw -q -pl gateway test -Dtest=GeneratedFilesTest -Dheadgate.regenerate=true -->

      A route's chain is these policies, outermost first, and the call to the service at its end. It is composed when the
      config is compiled; a policy that a route does not use is not in its chain. Policies of the request scope are passed
      once a request, those of the attempt scope once for each try.

      | Stage | Scope | Keys | Why it stands here |
      | --- | --- | --- | --- |
      """;

  private final Policies policies;

  public PolicyDocs(Policies policies) {
    this.policies = policies;
  }

  /** The whole file. */
  public String markdown() {
    return policies.factories().stream()
        .map(PolicyDocs::row)
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String row(PolicyFactory factory) {
    PolicyStage stage = factory.stage();
    return "| `%s` | %s | %s | %s |%n"
        .formatted(
            stage.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            stage.scope().name().toLowerCase(Locale.ROOT),
            keys(factory),
            stage.reason())
        .replace(System.lineSeparator(), "\n");
  }

  private static String keys(PolicyFactory factory) {
    return Stream.concat(names(factory.routeKeys()), names(factory.upstreamKeys()))
        .map(key -> "`" + key + "`")
        .collect(Collectors.joining(", "));
  }

  private static Stream<String> names(List<ConfigKey<?>> keys) {
    return keys.stream().map(ConfigKey::name);
  }
}

package dev.headgate.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Keys as policies will register them. */
final class Keys {
  record Changes(Map<String, String> set, Map<String, String> add, List<String> remove) {}

  record Retry(int maxAttempts, Duration base) {}

  private static final Spec<Map<String, String>> HEADERS =
      Specs.mapOf(Specs.headerName(), Specs.headerValue());
  private static final Field<Map<String, String>> SET =
      Field.otherwise("set", HEADERS, Map.of(), "none", "Replaced or added.");
  private static final Field<Map<String, String>> ADD =
      Field.otherwise("add", HEADERS, Map.of(), "none", "Added beside what is there.");
  private static final Field<List<String>> REMOVE =
      Field.otherwise(
          "remove", Specs.listOf(Specs.headerName(), 1, 100), List.of(), "none", "Removed.");
  private static final ObjectSpec<Changes> CHANGES =
      Specs.object(v -> new Changes(v.get(SET), v.get(ADD), v.get(REMOVE)), SET, ADD, REMOVE);

  static final ConfigKey<Changes> REQUEST_HEADERS =
      new ConfigKey<>("request-headers", CHANGES, "Headers changed on their way up.");
  static final ConfigKey<Changes> RESPONSE_HEADERS =
      new ConfigKey<>("response-headers", CHANGES, "Headers changed on their way back.");

  private static final Field<Integer> MAX_ATTEMPTS =
      Field.withDefault("max-attempts", Specs.integer(1, 10), "3", "Tries in all.");
  private static final Field<Duration> BASE =
      Field.required(
          "base", Specs.duration(Duration.ofMillis(1), Duration.ofSeconds(10)), "First wait.");

  static final ConfigKey<Retry> RETRY =
      new ConfigKey<>(
          "retry",
          Specs.wordOr(
              "off",
              new Retry(1, Duration.ZERO),
              Specs.object(v -> new Retry(v.get(MAX_ATTEMPTS), v.get(BASE)), MAX_ATTEMPTS, BASE)),
          "Tries.");

  static final ConfigKey<Long> BUFFER =
      new ConfigKey<>("buffer", Specs.size(0, 1 << 30), "Bytes kept.");

  static final ConfigKey<Double> SHARE =
      new ConfigKey<>("share", Specs.percent(0, 100), "Share of something.");

  private Keys() {}

  static ConfigLoader loader() {
    return new ConfigLoader(
        List.of(REQUEST_HEADERS, RESPONSE_HEADERS, RETRY, BUFFER), List.of(SHARE));
  }
}

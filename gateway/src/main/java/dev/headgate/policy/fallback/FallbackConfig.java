package dev.headgate.policy.fallback;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RespondFields;
import dev.headgate.config.RouteTarget.Respond;
import dev.headgate.config.Specs;
import dev.headgate.config.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands in for a service that fails; one of the two is there.
 *
 * @param on what it stands in for
 * @param upstream the id of another upstream to ask, or null
 * @param respond a fixed answer, or null
 */
record FallbackConfig(FallbackOn on, @Nullable String upstream, @Nullable Respond respond) {
  private static final String FAILURE = "failure";

  private static final Field<List<String>> ON =
      Field.otherwise(
          "on",
          Specs.listOf(
              Specs.text(
                  Pattern.compile(FAILURE + "|[45][0-9][0-9]"),
                  ProblemCode.BAD_VALUE,
                  FAILURE + ", or a status, 400..599"),
              1,
              32),
          List.of(FAILURE, "502", "503", "504"),
          "[failure, 502, 503, 504]",
          "What it stands in for: failure for all that the gateway has to answer for itself because the service gave no answer (no connection, a reset, a limit in time, an open breaker, a full bulkhead), and statuses, whoever says them.");

  private static final Field<String> UPSTREAM =
      Field.optional(
          "upstream",
          Specs.upstream(),
          "Another upstream, asked in the same way in what is left of the total limit, where a second try would be safe: with an idempotent method, or where the first service never got the request. Without it the answer is the one written here.");

  static final ConfigKey<FallbackConfig> KEY =
      new ConfigKey<>(
          "fallback",
          spec(),
          "What the client gets where the service gives nothing useful: a fixed answer, or another upstream's. It is marked by X-Headgate-Fallback, which says what it stands in for.");

  private static ObjectSpec<FallbackConfig> spec() {
    List<Field<?>> fields = new ArrayList<>(List.of(ON, UPSTREAM));
    fields.addAll(RespondFields.ALL);
    return Specs.object(fields, FallbackConfig::of);
  }

  private static @Nullable FallbackConfig of(Values v) {
    List<String> on = v.get(ON);
    FallbackOn when =
        new FallbackOn(
            on.contains(FAILURE),
            on.stream()
                .filter(word -> !word.equals(FAILURE))
                .map(Integer::valueOf)
                .collect(Collectors.toSet()));
    String upstream = v.find(UPSTREAM);
    boolean fixed = RespondFields.ALL.stream().anyMatch(v::written);
    if (upstream != null) {
      if (fixed) {
        v.problem(
            UPSTREAM,
            ProblemCode.BAD_VALUE,
            "stands beside a fixed answer (expected: the one or the other)");
        return null;
      }
      return new FallbackConfig(when, upstream, null);
    }
    if (!fixed) {
      v.problem(
          ON,
          ProblemCode.MISSING_KEY,
          "has nothing to give (expected: upstream, or an answer: status, body, content-type, headers)");
      return null;
    }
    Respond respond = RespondFields.of(v);
    return respond == null ? null : new FallbackConfig(when, null, respond);
  }
}

package dev.headgate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of a route. */
final class RouteSpecs {
  private static final Spec<Duration> LIMIT =
      Specs.duration(Duration.ofMillis(1), Duration.ofHours(24));

  private static final Field<Optional<Duration>> TOTAL =
      Field.withDefault(
          "total",
          Specs.orNone(LIMIT),
          "30s",
          "From the request's arrival to the answer's last byte, waiting and retries included; beyond it 504, or the connection is cut if the answer has begun. After a 101 or the head of an event stream only idle counts.");

  private static final Field<Optional<Duration>> PER_TRY =
      Field.otherwise(
          "per-try",
          Specs.orNone(LIMIT),
          Optional.empty(),
          "none",
          "Each attempt, up to the head of its response. At most total, where both are written.");

  private static final Field<Duration> IDLE =
      Field.withDefault(
          "idle",
          LIMIT,
          "60s",
          "Silence on either side while a body is on its way; beyond it the exchange is ended.");

  static final ObjectSpec<TimeoutConfig> TIMEOUT =
      Specs.object(RouteSpecs::timeout, TOTAL, PER_TRY, IDLE);

  private static final Spec<String> TEMPLATE =
      Specs.text(
          Pattern.compile("/[^?#\\s]*"), ProblemCode.BAD_REWRITE, "a path that begins with /");

  private static final Field<String> PATH =
      Field.optional(
          "path",
          TEMPLATE,
          "The whole new path; {name} and ** stand for what the route's path has found there.");

  private static final Field<String> STRIP_PREFIX =
      Field.optional(
          "strip-prefix",
          TEMPLATE,
          "What is taken away from the path's beginning: whole segments.");

  private static final Field<Boolean> REVERSE =
      Field.withDefault(
          "reverse",
          Specs.bool(),
          "false",
          "Whether Location, Content-Location, the URL of Refresh and the Path of Set-Cookie are rewritten back to the client's side, absolute URLs of the upstream included; alone where the path itself stays, for what a version or a base path puts before it. Other hosts, and paths that cannot come of the rewrite, are left alone.");

  static final ObjectSpec<RewriteConfig> REWRITE =
      Specs.object(RouteSpecs::rewrite, PATH, STRIP_PREFIX, REVERSE)
          .atMostOneOf(PATH, STRIP_PREFIX);

  static final Field<MatchConfig> MATCH_FIELD =
      Field.required(
          "match",
          MatchSpecs.MATCH,
          "Which requests the route takes: those that meet every condition.");

  private static final Field<Integer> PRIORITY =
      Field.withDefault(
          "priority",
          Specs.integer(-1_000_000, 1_000_000),
          "0",
          "Of the routes that match, the highest goes first; among equals the most specific.");

  private static final Field<RewriteConfig> REWRITE_FIELD =
      Field.optional(
          "rewrite",
          REWRITE,
          "How the path changes on its way to the upstream; unchanged unless written.");

  private static final Field<TimeoutConfig> TIMEOUT_FIELD =
      Field.nested("timeout", TIMEOUT, "Limits in time.");

  private RouteSpecs() {}

  private static @Nullable RewriteConfig rewrite(Values v) {
    String template = v.find(PATH);
    String prefix = v.find(STRIP_PREFIX);
    boolean reverse = v.get(REVERSE);
    if (template != null) {
      return new RewriteConfig.Path(template, reverse);
    }
    if (prefix != null) {
      return new RewriteConfig.StripPrefix(prefix, reverse);
    }
    if (!reverse) {
      v.problem(
          PATH, ProblemCode.MISSING_KEY, "one of path, strip-prefix or reverse: true is missing");
      return null;
    }
    return new RewriteConfig.Unchanged();
  }

  private static @Nullable TimeoutConfig timeout(Values v) {
    Duration total = v.get(TOTAL).orElse(null);
    Duration perTry = v.get(PER_TRY).orElse(null);
    if (total != null
        && perTry != null
        && v.written(TOTAL)
        && v.written(PER_TRY)
        && perTry.compareTo(total) > 0) {
      String limit = Quantities.format(total);
      v.problem(
          PER_TRY,
          ProblemCode.TRY_EXCEEDS_TOTAL,
          "is longer than total, " + limit + " (expected: at most " + limit + ")");
      return null;
    }
    return new TimeoutConfig(total, perTry, v.get(IDLE));
  }

  /** A route; policies' keys come after ours. */
  static ObjectSpec<RouteConfig> route(Collection<ConfigKey<?>> keys) {
    List<Field<?>> fields = new ArrayList<>(List.of(MATCH_FIELD, PRIORITY));
    fields.addAll(TargetSpecs.ALL);
    fields.addAll(List.of(REWRITE_FIELD, TIMEOUT_FIELD));
    ExtensionFields extensions = new ExtensionFields(keys);
    fields.addAll(extensions.fields());
    return Specs.<RouteConfig>object(
            fields,
            v ->
                new RouteConfig(
                    v.key(),
                    v.get(MATCH_FIELD),
                    v.get(PRIORITY),
                    TargetSpecs.of(v),
                    v.find(REWRITE_FIELD),
                    v.get(TIMEOUT_FIELD),
                    extensions.of(v),
                    v.mark()))
        .exactlyOneOf(TargetSpecs.ALL.toArray(new Field<?>[0]));
  }
}

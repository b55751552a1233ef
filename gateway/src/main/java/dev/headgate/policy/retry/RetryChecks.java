package dev.headgate.policy.retry;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.RouteTarget;
import dev.headgate.exchange.Methods;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.ToleratesRepeats;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What a route's retries and hedging will not do, though they are written. */
final class RetryChecks {
  private final RouteConfig route;
  private final Consumer<ConfigProblem> problems;

  private RetryChecks(RouteConfig route, Consumer<ConfigProblem> problems) {
    this.route = route;
    this.problems = problems;
  }

  static void check(RouteContext context, Consumer<ConfigProblem> problems) {
    RouteConfig route = context.route();
    if (route == null || !asksService(route)) {
      return;
    }
    RetryChecks checks = new RetryChecks(route, problems);
    RetryConfig retry = route.extensions().get(RetryConfig.KEY);
    if (retry != null && retry.maxAttempts() > 1) {
      checks.methodsOfRetries();
      checks.timeOfRetries(retry);
    }
    if (RetryFactory.hedging(route) != null) {
      checks.methodsOfHedging();
    }
  }

  private static boolean asksService(RouteConfig route) {
    return route.target() instanceof RouteTarget.ToUpstream;
  }

  private void methodsOfRetries() {
    List<String> methods = route.match().methods();
    boolean tolerated =
        route
            .extensions()
            .all(ToleratesRepeats.class)
            .anyMatch(ToleratesRepeats::upstreamIdempotent);
    if (!methods.isEmpty() && !tolerated && methods.stream().noneMatch(Methods::isIdempotent)) {
      warn(
          ProblemCode.UNSAFE_RETRY,
          "retry: of %s nothing is tried again but what the service never got (refused connections, REFUSED_STREAM), since a second try might do it twice"
              .formatted(String.join(", ", methods)));
    }
  }

  private void methodsOfHedging() {
    List<String> methods = route.match().methods();
    if (!methods.isEmpty() && methods.stream().noneMatch(Methods::isSafe)) {
      warn(
          ProblemCode.UNSAFE_HEDGE,
          "hedge: %s %s never asked twice (expected: a safe method such as GET among match.methods)"
              .formatted(String.join(", ", methods), methods.size() == 1 ? "is" : "are"));
    }
  }

  // Only the least of each backoff counts: what chance can still make fit is not worth a warning.
  private void timeOfRetries(RetryConfig retry) {
    Duration total = route.timeout().total();
    Duration perTry = route.timeout().perTry();
    if (total == null || perTry == null) {
      return;
    }
    long left = total.toNanos();
    int whole = 0;
    long rest = 0;
    while (whole < retry.maxAttempts()) {
      long backoff = whole == 0 ? 0 : retry.backoff().leastNanos(whole);
      if (left < backoff + perTry.toNanos()) {
        rest = Math.max(0, left - backoff);
        break;
      }
      left -= backoff + perTry.toNanos();
      whole++;
    }
    if (whole < retry.maxAttempts()) {
      warn(ProblemCode.TRIES_EXCEED_TOTAL, whatReallyHappens(retry, total, perTry, whole, rest));
    }
  }

  private static String whatReallyHappens(
      RetryConfig retry, Duration total, Duration perTry, int whole, long restNanos) {
    String tries = whole == 1 ? "1 whole try" : whole + " whole tries";
    String then =
        restNanos == 0
            ? ", and no other"
            : ", and the next is cut off after at most %d ms".formatted(restNanos / 1_000_000);
    String timeouts =
        retry.on().timeouts()
            ? ""
            : "; and a try that reaches per-try is not tried again at all, as on has no timeout";
    return "retry: %d tries of per-try %d ms do not fit total, %d ms: when each takes its whole limit there is time for %s%s%s"
        .formatted(retry.maxAttempts(), perTry.toMillis(), total.toMillis(), tries, then, timeouts);
  }

  private void warn(ProblemCode code, String what) {
    problems.accept(
        ConfigProblem.of(route.mark(), code, "route \"%s\": %s".formatted(route.id(), what)));
  }
}

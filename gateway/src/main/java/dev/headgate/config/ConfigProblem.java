package dev.headgate.config;

import java.util.Comparator;

/**
 * One thing that is wrong with a configuration.
 *
 * @param mark where it was written
 * @param severity whether it keeps the set from being used
 * @param code what kind of problem it is
 * @param message the key, the value found and what was expected, such as {@code timeout.total: "3"
 *     has no unit (expected: a duration such as 500ms, 3s, 5m)}
 */
public record ConfigProblem(SourceMark mark, Severity severity, ProblemCode code, String message)
    implements Comparable<ConfigProblem> {

  private static final Comparator<ConfigProblem> ORDER =
      Comparator.comparing(ConfigProblem::mark)
          .thenComparing(ConfigProblem::code)
          .thenComparing(ConfigProblem::message);

  /** A problem with the severity that its code has. */
  public static ConfigProblem of(SourceMark mark, ProblemCode code, String message) {
    return new ConfigProblem(mark, code.severity(), code, message);
  }

  /** Whether this problem keeps the set from being used. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  @Override
  public int compareTo(ConfigProblem other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:col: CODE message}: the line that {@code headgate check} prints. */
  @Override
  public String toString() {
    return mark + ": " + code + " " + message;
  }
}

package dev.headgate.route;

import java.util.regex.Pattern;

/**
 * What a route asks of one header or one query parameter. It holds if any of the values under that
 * name satisfies the test, so a repeated header needs only one fitting line.
 *
 * @param name the header's (case-insensitive) or the parameter's (case-sensitive, decoded) name
 * @param test what a value must satisfy
 */
public record ValueCondition(String name, Test test) {

  /** A test of one value; query values are decoded first, {@code +} read as a space. */
  public sealed interface Test {}

  /** The value equals this text, case-sensitively. */
  public record Exact(String value) implements Test {}

  /** The whole value matches this expression. */
  public record Regex(Pattern pattern) implements Test {}

  /**
   * There is at least one such header or parameter, whatever its value; or, where false, there is
   * none.
   */
  public record Present(boolean present) implements Test {}

  public static ValueCondition exact(String name, String value) {
    return new ValueCondition(name, new Exact(value));
  }

  public static ValueCondition regex(String name, Pattern pattern) {
    return new ValueCondition(name, new Regex(pattern));
  }

  public static ValueCondition present(String name, boolean present) {
    return new ValueCondition(name, new Present(present));
  }
}

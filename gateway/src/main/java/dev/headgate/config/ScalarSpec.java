package dev.headgate.config;

import dev.headgate.config.ConfigNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text that is read as one value. */
final class ScalarSpec<T> extends Spec<T> {
  interface Parser<T> {
    @Nullable T parse(String text, Refusal refusal);
  }

  private final String expected;
  private final Map<String, Object> schema;
  private final boolean plain;
  private final Parser<T> parser;

  /**
   * @param plain whether quotes make it another type, as they do for numbers and booleans
   */
  ScalarSpec(String expected, Map<String, Object> schema, boolean plain, Parser<T> parser) {
    this.expected = expected;
    this.schema = schema;
    this.plain = plain;
    this.parser = parser;
  }

  @Override
  @Nullable T decode(Cursor at, Decoding into) {
    if (!(at.node instanceof Scalar scalar) || scalar.isNothing()) {
      into.wrongType(at, expected);
      return null;
    }
    if (plain && scalar.quoted) {
      into.problem(
          at,
          ProblemCode.WRONG_TYPE,
          scalar.describe() + " is text, being in quotes (expected: " + expected + ")");
      return null;
    }
    return parser.parse(
        scalar.text, (code, reason) -> into.problem(at, code, scalar.describe() + " " + reason));
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    return new LinkedHashMap<>(schema);
  }

  @Override
  String expected() {
    return expected;
  }
}

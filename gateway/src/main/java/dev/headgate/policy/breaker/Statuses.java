package dev.headgate.policy.breaker;

import dev.headgate.config.ProblemCode;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Statuses of a service, each by itself or a whole class.
 *
 * @param codes 400 to 599; not changed once made
 */
record Statuses(BitSet codes) {
  private static final Pattern ONE = Pattern.compile("[45]([0-9]{2}|xx)");

  static final Spec<Statuses> SPEC =
      Specs.listOf(
              Specs.text(ONE, ProblemCode.BAD_VALUE, "a status of 400..599, 4xx or 5xx"), 0, 100)
          .map(Statuses::of);

  /** All of 500 to 599. */
  static final Statuses SERVER_ERRORS = of(List.of("5xx"));

  static Statuses of(List<String> written) {
    BitSet codes = new BitSet(600);
    for (String one : written) {
      if (one.endsWith("xx")) {
        int first = (one.charAt(0) - '0') * 100;
        codes.set(first, first + 100);
      } else {
        codes.set(Integer.parseInt(one));
      }
    }
    return new Statuses(codes);
  }

  boolean contains(int status) {
    return codes.get(status);
  }
}

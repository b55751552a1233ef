package dev.headgate.route;

import java.util.List;

/** What the conditions of two routes say about each other. */
final class Overlap {
  private Overlap() {}

  /**
   * Whether no ordinary request satisfies both lists. A request that repeats a header with two
   * values can still satisfy two different exact conditions; routes told apart by a header's value
   * are what everyone writes, so those count as disjoint.
   */
  static boolean disjoint(List<ValueCondition> a, List<ValueCondition> b) {
    for (int i = 0; i < a.size(); i++) {
      for (int j = 0; j < b.size(); j++) {
        if (a.get(i).name().equals(b.get(j).name()) && disjoint(a.get(i).test(), b.get(j).test())) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether every request that satisfies {@code given} satisfies {@code wanted}, whatever it
   * repeats.
   */
  static boolean implies(List<ValueCondition> given, List<ValueCondition> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!implies(given, wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean implies(List<ValueCondition> given, ValueCondition wanted) {
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i).name().equals(wanted.name())
          && implies(given.get(i).test(), wanted.test())) {
        return true;
      }
    }
    return false;
  }

  private static boolean implies(ValueCondition.Test given, ValueCondition.Test wanted) {
    if (wanted instanceof ValueCondition.Present present) {
      return present.present() != isAbsent(given);
    }
    if (wanted instanceof ValueCondition.Regex regex
        && given instanceof ValueCondition.Regex same) {
      return same(regex, same);
    }
    return given instanceof ValueCondition.Exact exact && HeaderCheck.holds(wanted, exact.value());
  }

  private static boolean disjoint(ValueCondition.Test a, ValueCondition.Test b) {
    if (isAbsent(a) || isAbsent(b)) {
      return isAbsent(a) != isAbsent(b);
    }
    if (a instanceof ValueCondition.Exact exact && !(b instanceof ValueCondition.Present)) {
      return !HeaderCheck.holds(b, exact.value());
    }
    return b instanceof ValueCondition.Exact exact
        && a instanceof ValueCondition.Regex
        && !HeaderCheck.holds(a, exact.value());
  }

  private static boolean isAbsent(ValueCondition.Test test) {
    return test instanceof ValueCondition.Present present && !present.present();
  }

  /** {@code Pattern} has no equality of its own. */
  private static boolean same(ValueCondition.Regex a, ValueCondition.Regex b) {
    return a.pattern().flags() == b.pattern().flags()
        && a.pattern().pattern().equals(b.pattern().pattern());
  }
}

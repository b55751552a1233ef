package dev.headgate.route;

import org.jspecify.annotations.Nullable;

/**
 * A query condition as it is compared with a raw query.
 *
 * @param name in canonical form
 * @param exact the wanted value in canonical form, where the test is for one
 */
record QueryCheck(String name, @Nullable String exact, ValueCondition.Test test) {

  static QueryCheck of(ValueCondition condition) {
    String exact =
        condition.test() instanceof ValueCondition.Exact wanted
            ? PercentText.canonical(wanted.value())
            : null;
    return new QueryCheck(PercentText.canonical(condition.name()), exact, condition.test());
  }

  boolean holds(@Nullable String rawQuery) {
    if (test instanceof ValueCondition.Present present) {
      return present.present() == (rawQuery != null && RawQuery.find(rawQuery, name, 0) >= 0);
    }
    if (rawQuery == null) {
      return false;
    }
    for (int from = RawQuery.find(rawQuery, name, 0); from >= 0; ) {
      int to = RawQuery.end(rawQuery, from);
      if (holds(rawQuery, from, to)) {
        return true;
      }
      from = RawQuery.find(rawQuery, name, to + 1);
    }
    return false;
  }

  private boolean holds(String rawQuery, int from, int to) {
    if (exact != null) {
      return PercentText.matches(exact, rawQuery, from, to, true);
    }
    return test instanceof ValueCondition.Regex regex
        && BoundedText.matches(regex.pattern(), PercentText.decode(rawQuery, from, to, true));
  }
}

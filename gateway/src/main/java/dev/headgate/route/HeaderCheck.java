package dev.headgate.route;

import java.util.Iterator;

/** Tests the values of a header. */
final class HeaderCheck {
  private HeaderCheck() {}

  static boolean holds(ValueCondition.Test test, Iterator<String> values) {
    if (test instanceof ValueCondition.Present present) {
      return present.present() == values.hasNext();
    }
    while (values.hasNext()) {
      if (holds(test, values.next())) {
        return true;
      }
    }
    return false;
  }

  static boolean holds(ValueCondition.Test test, String value) {
    if (test instanceof ValueCondition.Exact exact) {
      return exact.value().equals(value);
    }
    if (test instanceof ValueCondition.Regex regex) {
      return BoundedText.matches(regex.pattern(), value);
    }
    return test instanceof ValueCondition.Present present && present.present();
  }
}

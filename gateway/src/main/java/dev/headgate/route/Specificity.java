package dev.headgate.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of two routes wins a request that both match. The order of the comparisons is the order of
 * precedence.
 */
final class Specificity {
  private Specificity() {}

  /**
   * Negative where {@code a}, reached by its host {@code hostA}, wins; 0 where the two tie. A null
   * host is "every host".
   */
  static int compare(
      RouteRule a, @Nullable HostPattern hostA, RouteRule b, @Nullable HostPattern hostB) {
    int order = Integer.compare(b.priority(), a.priority());
    if (order == 0) {
      order = Integer.compare(hostWeight(hostB), hostWeight(hostA));
    }
    if (order == 0) {
      order = a.path().compareSpecificity(b.path());
    }
    if (order == 0) {
      order = Boolean.compare(a.methods().isEmpty(), b.methods().isEmpty());
    }
    if (order == 0) {
      order = compareConditions(a.headers(), b.headers());
    }
    return order != 0 ? order : compareConditions(a.query(), b.query());
  }

  private static int hostWeight(@Nullable HostPattern host) {
    if (host == null) {
      return -1;
    }
    return host.isWildcard() ? host.name().length() : Integer.MAX_VALUE;
  }

  private static int compareConditions(List<ValueCondition> a, List<ValueCondition> b) {
    int order = Integer.compare(b.size(), a.size());
    return order != 0 ? order : Integer.compare(exact(b), exact(a));
  }

  private static int exact(List<ValueCondition> conditions) {
    int count = 0;
    for (int i = 0; i < conditions.size(); i++) {
      if (conditions.get(i).test() instanceof ValueCondition.Exact) {
        count++;
      }
    }
    return count;
  }
}

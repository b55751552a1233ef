package dev.headgate.edge;

/** How many requests a connection may still carry. */
final class RequestBudget {
  private static final int UNLIMITED = -1;

  private int left;

  /**
   * @param max 0 for no limit
   */
  RequestBudget(int max) {
    left = max == 0 ? UNLIMITED : max;
  }

  /** Counts a request that has begun. */
  void spend() {
    if (left > 0) {
      left--;
    }
  }

  /** Whether the connection must end after the requests that have begun. */
  boolean spent() {
    return left == 0;
  }
}

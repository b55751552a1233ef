package dev.headgate.policy.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * Things in the order in which they came, of which any can be taken out at once: what a sorted set
 * takes long for. Safe for all threads; nothing is done under its lock but to link and unlink.
 */
final class Line<T> {
  // Guarded by this.
  private @Nullable Place<T> first;
  private @Nullable Place<T> last;

  /** Where something stands. */
  static final class Place<T> {
    private final T thing;
    // Guarded by the line.
    private @Nullable Place<T> before;
    private @Nullable Place<T> after;
    private boolean left;

    private Place(T thing) {
      this.thing = thing;
    }
  }

  synchronized Place<T> add(T thing) {
    Place<T> place = new Place<>(thing);
    Place<T> end = last;
    if (end == null) {
      first = place;
    } else {
      end.after = place;
      place.before = end;
    }
    last = place;
    return place;
  }

  /** Nothing where it has left already. */
  synchronized void remove(Place<T> place) {
    if (place.left) {
      return;
    }
    place.left = true;
    Place<T> before = place.before;
    Place<T> after = place.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    place.before = null;
    place.after = null;
  }

  synchronized @Nullable T first() {
    Place<T> head = first;
    return head == null ? null : head.thing;
  }
}

package dev.headgate.exchange;

/**
 * Work that goes on although no client waits for it any more; whoever shuts down waits for it. Safe
 * for all threads.
 */
public interface Background {
  /** Nobody waits. */
  Background UNHEARD =
      new Background() {
        @Override
        public void begun() {}

        @Override
        public void over() {}
      };

  /** A piece of work goes on. */
  void begun();

  /** It is over; said once for each that has begun. */
  void over();
}

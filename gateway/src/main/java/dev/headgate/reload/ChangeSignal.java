package dev.headgate.reload;

import java.time.Duration;

/**
 * Says that something may have changed. May speak without need; where it is silent without need, a
 * poll will notice.
 */
interface ChangeSignal extends AutoCloseable {
  /**
   * Attends to what exists now. Called before each reading: what changes later will then be
   * signalled.
   */
  void refresh();

  /**
   * Waits for a change since the last call.
   *
   * @return false if there was none within that time
   */
  boolean await(Duration limit) throws InterruptedException;

  @Override
  void close();
}

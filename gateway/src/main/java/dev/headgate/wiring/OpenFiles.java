package dev.headgate.wiring;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many connections the process can have, if nobody says. */
final class OpenFiles {
  private static final int MOST = 50_000;
  private static final int LEAST = 100;

  private OpenFiles() {}

  /** A request needs a connection on either side, so half of the files that may be open. */
  static int connections() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? connections(unix.getMaxFileDescriptorCount())
        : MOST;
  }

  static int connections(long files) {
    return (int) Math.max(LEAST, Math.min(MOST, files / 2));
  }
}

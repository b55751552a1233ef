package dev.headgate.telemetry;

import java.util.List;

/** Lines to log. */
final class AccessRecords {
  private AccessRecords() {}

  static AccessRecord path(String path) {
    return new AccessRecord(
        0, "id", null, "client", "GET", path, null, null, null, null, null, 0, 404, List.of(),
        List.of(), null, null, 0, 0, 1, -1);
  }
}

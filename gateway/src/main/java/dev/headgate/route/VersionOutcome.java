package dev.headgate.route;

import dev.headgate.exchange.VersionSource;
import java.util.List;

/** What came of a negotiation. */
public sealed interface VersionOutcome<T> {

  /**
   * This version serves the request. Made with the table: choosing one allocates nothing.
   *
   * @param id the version as the config writes it
   * @param value what the table holds for it
   * @param source where the request said it; of several places the first in the order of {@link
   *     VersionSource}
   */
  record Selected<T>(String id, T value, VersionSource source) implements VersionOutcome<T> {}

  /**
   * No version serves the request.
   *
   * @param said what the request says: in conflict all of it; else what is not supported
   * @param supported the versions as the config writes them
   */
  record Refused<T>(Reason reason, List<Said> said, List<String> supported)
      implements VersionOutcome<T> {}

  /** Why there is none. */
  enum Reason {
    /** Two places ask for two versions. */
    CONFLICT,
    /** What is asked for is none, or none of these. */
    UNSUPPORTED,
    /** Nothing is asked for, and there is no default. */
    REQUIRED
  }

  /**
   * What one place says.
   *
   * @param text decoded, else as the client wrote it, at most 40 characters
   * @param supported whether a version serves it
   */
  record Said(VersionSource source, String text, boolean supported) {}
}

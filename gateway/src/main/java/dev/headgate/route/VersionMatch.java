package dev.headgate.route;

/** Which version serves what is asked for. */
public enum VersionMatch {
  /** That version and no other. */
  EXACT,
  /**
   * {@code 2} and {@code 2.0} ask for any {@code 2.x} and get the highest, {@code 2.1} for any
   * {@code 2.1.x}; with {@link VersionScheme#NUMBER}.
   */
  COMPATIBLE,
  /** The newest that is not after the day; with {@link VersionScheme#DATE}. */
  NEWEST_NOT_AFTER
}

package dev.headgate.route;

/** One segment of a {@link PathPattern}. */
sealed interface Segment {

  /**
   * Text that the request's segment must equal once decoded.
   *
   * @param canonical the decoded text as {@link PercentText} keeps it
   * @param raw the same as it may stand in a request target
   */
  record Literal(String canonical, String raw) implements Segment {}

  /**
   * A prefix and a version behind it, which begins with the segment's first digit: {@code v2}, not
   * {@code vendors}.
   *
   * @param prefix canonical, not empty, without digits
   */
  record Version(String prefix) implements Segment {}

  /** Exactly one segment, not empty, captured under a name. */
  record Variable(String name) implements Segment {}

  /** Exactly one segment, not empty. */
  record Any() implements Segment {}
}

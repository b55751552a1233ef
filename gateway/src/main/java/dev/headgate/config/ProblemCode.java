package dev.headgate.config;

/**
 * Every kind of problem a configuration can have. The list is closed: scripts may rely on the
 * names.
 */
public enum ProblemCode {
  /**
   * Two patterns that allow each other's matches, at one priority: which route wins is undefined.
   */
  TIED_ROUTES,
  /** Other routes take every request that this one could match. */
  UNREACHABLE_ROUTE,
  /** An alias refers to itself, or aliases multiply a file beyond reason. */
  ALIAS_LIMIT,
  /** A duration that is not a whole number with one unit. */
  BAD_DURATION,
  /** A host that is neither a name, nor an address, nor a wildcard. */
  BAD_HOST,
  /** A header name or value that HTTP does not allow (RFC 9110, sections 5.1 and 5.5). */
  BAD_HEADER,
  /** The id of a route or an upstream has characters that ids may not have. */
  BAD_ID,
  /** A path pattern that cannot be parsed. */
  BAD_PATH,
  /** A percentage that is not a number with a {@code %}. */
  BAD_PERCENT,
  /** A regular expression that does not compile. */
  BAD_REGEX,
  /** A rewrite that cannot be applied to its route's path. */
  BAD_REWRITE,
  /** A size that is not a whole number with one unit. */
  BAD_SIZE,
  /** An endpoint's URL that cannot be used. */
  BAD_URL,
  /** A value that is refused for the reason given. */
  BAD_VALUE,
  /**
   * Text that is no YAML, or YAML that has no place in a configuration (tags, keys that are no
   * text).
   */
  BAD_YAML,
  /** Keys of which only one may be given. */
  CONFLICTING_KEYS,
  /** A reference to an upstream that no file declares. */
  DANGLING_UPSTREAM,
  /** Two shared blocks of defaults of one kind. */
  DUPLICATE_DEFAULTS,
  /** The same id twice. */
  DUPLICATE_ID,
  /** The same key twice in one object. */
  DUPLICATE_KEY,
  /** The same entry twice in a list. */
  DUPLICATE_VALUE,
  /** A file, or all files together, beyond the limits of size. */
  FILE_TOO_LARGE,
  /** A key that must be there is not. */
  MISSING_KEY,
  /** A duration or a size without its unit. */
  MISSING_UNIT,
  /** The set has no route at all. */
  NO_ROUTES,
  /** A number, duration, size or length beyond its range. */
  OUT_OF_RANGE,
  /** Objects and lists nested beyond reason. */
  TOO_DEEP,
  /** A limit for each try that is longer than the total it has to fit in. */
  TRY_EXCEEDS_TOTAL,
  /** A key that this object does not have. */
  UNKNOWN_KEY,
  /** A file or folder that cannot be read. */
  UNREADABLE,
  /** An upstream that no route refers to. */
  UNUSED_UPSTREAM(Severity.WARNING),
  /** A list where an object is expected, text where a number is, and the like. */
  WRONG_TYPE;

  private final Severity severity;

  ProblemCode() {
    this(Severity.ERROR);
  }

  ProblemCode(Severity severity) {
    this.severity = severity;
  }

  /** What this problem does to the set. */
  public Severity severity() {
    return severity;
  }
}

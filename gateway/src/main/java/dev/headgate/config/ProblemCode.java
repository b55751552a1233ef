package dev.headgate.config;

/**
 * Every kind of problem a configuration can have. The list is closed: scripts may rely on the
 * names.
 */
public enum ProblemCode {
  ALIAS_LIMIT("An alias refers to itself, or aliases multiply a file beyond reason."),
  BAD_BUNDLE("An SSL bundle that gateway.yml does not declare, or that cannot be read."),
  BAD_DATE("A day that is not in the calendar, or not where it belongs among others."),
  BAD_DURATION("A duration that is not a whole number with one unit."),
  BAD_HEADER("A header name or value that HTTP does not allow (RFC 9110, sections 5.1 and 5.5)."),
  BAD_HOST("A host that is neither a name, nor an address, nor a wildcard."),
  BAD_ID("The id of a route or an upstream has characters that ids may not have."),
  BAD_PATH("A path pattern that cannot be parsed."),
  BAD_PERCENT("A percentage that is not a number with a %."),
  BAD_REGEX("A regular expression that does not compile."),
  BAD_REWRITE("A rewrite that cannot be applied to its route's path."),
  BAD_SIZE("A size that is not a whole number with one unit."),
  BAD_URL("An endpoint's URL that cannot be used."),
  BAD_VALUE("A value that is refused for the reason given."),
  BAD_VERSION("A version that its route's scheme does not take, or that stands there twice."),
  BAD_YAML(
      "Text that is no YAML, or YAML that has no place in a configuration (tags, keys that are no text)."),
  CONFLICTING_KEYS("Keys of which only one may be given."),
  DANGLING_UPSTREAM("A reference to an upstream that no file declares."),
  DUPLICATE_DEFAULTS("Two shared blocks of defaults of one kind."),
  DUPLICATE_ID("The same id twice."),
  DUPLICATE_KEY("The same key twice in one object."),
  DUPLICATE_VALUE("The same entry twice in a list."),
  FILE_TOO_LARGE("A file, or all files together, beyond the limits of size."),
  IDEMPOTENCY_EMBEDDED_STORE(
      Severity.WARNING, "Required idempotency keys in a store that forgets them on restart."),
  IDEMPOTENCY_NO_PRINCIPAL(
      Severity.WARNING, "Required idempotency keys of callers whom nothing tells apart."),
  MISSING_KEY("A key that must be there is not."),
  MISSING_UNIT("A duration or a size without its unit."),
  NO_ROUTES("The set has no route at all."),
  OUT_OF_RANGE("A number, duration, size or length beyond its range."),
  TIED_ROUTES(
      "Two patterns that allow each other's matches, at one priority: which route wins is undefined."),
  TOO_DEEP("Objects and lists nested beyond reason."),
  TRIES_EXCEED_TOTAL(
      Severity.WARNING, "Tries that together take longer than the total they have to fit in."),
  TRY_EXCEEDS_TOTAL("A limit for each try that is longer than the total it has to fit in."),
  UNKNOWN_KEY("A key that this object does not have."),
  UNREACHABLE_ROUTE("Other routes take every request that this one could match."),
  UNREADABLE("A file or folder that cannot be read."),
  UNSAFE_HEDGE(Severity.WARNING, "Hedging of methods that are never asked twice."),
  UNSAFE_RETRY(Severity.WARNING, "Retries of methods that are hardly ever safe to repeat."),
  UNUSED_UPSTREAM(Severity.WARNING, "An upstream that no route refers to."),
  VERSION_SUNSET(Severity.WARNING, "A version whose sunset has passed or is at most 30 days away."),
  WRONG_TYPE("A list where an object is expected, text where a number is, and the like.");

  private final Severity severity;
  private final String meaning;

  ProblemCode(String meaning) {
    this(Severity.ERROR, meaning);
  }

  ProblemCode(Severity severity, String meaning) {
    this.severity = severity;
    this.meaning = meaning;
  }

  /** What this problem does to the set. */
  public Severity severity() {
    return severity;
  }

  /** One sentence for the documentation. */
  public String meaning() {
    return meaning;
  }
}

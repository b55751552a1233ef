package dev.headgate.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The paths a route answers, such as {@code /users/{id}/**}.
 *
 * <p>Segments are literal text (given decoded or percent-encoded), {@code {name}} or {@code *} for
 * exactly one segment that is not empty, and, last, {@code **} for any number of segments, none
 * included: {@code /users/**} also matches {@code /users} and {@code /users/}. Anything else
 * distinguishes a trailing slash. Matching is case-sensitive and compares segments percent-decoded
 * (RFC 3986 section 6.2.2.2); an encoded slash is data, never a separator.
 *
 * <p>A pattern made by {@link #versioned} begins with literal segments and one that holds a
 * version.
 */
public final class PathPattern {
  /**
   * The most segments a pattern may have; it bounds how deep a match can go, whatever the request.
   */
  static final int MAX_SEGMENTS = 128;

  private static final int LITERAL = 0;
  private static final int VERSION = 1;
  private static final int VARIABLE = 2;
  private static final int ANY = 3;
  private static final int END = 4;
  private static final int REST = 5;

  private static final String PLACEHOLDER = "{version}";

  private final String text;
  private final List<Segment> segments;
  private final boolean rest;
  private final @Nullable PathPattern unversioned;

  PathPattern(String text, List<Segment> segments, boolean rest) {
    this(text, segments, rest, null);
  }

  private PathPattern(
      String text, List<Segment> segments, boolean rest, @Nullable PathPattern unversioned) {
    this.text = text;
    this.segments = List.copyOf(segments);
    this.rest = rest;
    this.unversioned = unversioned;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if the text is no pattern, saying what was found and what was
   *     expected
   */
  public static PathPattern parse(String text) {
    return new PathPatternParser(text, false).parse();
  }

  /**
   * The same paths below a version, such as {@code /v2/users} for {@code /users}.
   *
   * @param prefix literal segments and, last, one with a version at its end: {@code /v{version}}.
   *     What stands before the version is one or more characters, none of them a digit: the first
   *     digit of a request's segment begins the version
   * @throws IllegalArgumentException if the prefix is none
   */
  public static PathPattern versioned(String prefix, PathPattern path) {
    int slash = prefix.lastIndexOf('/');
    String last = prefix.substring(slash + 1);
    if (slash < 0 || !last.endsWith(PLACEHOLDER)) {
      throw Refusal.of(prefix, "a path that ends with a version, such as /v{version}");
    }
    String literal = last.substring(0, last.length() - PLACEHOLDER.length());
    if (literal.isEmpty() || !literal.chars().allMatch(PathPattern::mayStandBeforeAVersion)) {
      throw Refusal.of(last, "letters, '-', '_', '.' or '~' before the version");
    }
    List<Segment> segments =
        new ArrayList<>(slash == 0 ? List.of() : parse(prefix.substring(0, slash)).segments);
    if (!segments.stream().allMatch(s -> s instanceof Segment.Literal)) {
      throw Refusal.of(prefix, "literal segments only before that with the version");
    }
    segments.add(new Segment.Version(literal));
    segments.addAll(path.segments);
    if (segments.size() > MAX_SEGMENTS) {
      throw Refusal.of(prefix + path, "at most " + MAX_SEGMENTS + " segments");
    }
    return new PathPattern(prefix + path, segments, path.rest, path);
  }

  private static boolean mayStandBeforeAVersion(int c) {
    return (Ascii.isLetterOrDigit(c) && !Ascii.isDigit(c)) || "-_.~".indexOf(c) >= 0;
  }

  /** The pattern without the version and what stands before it; null where it has none. */
  @Nullable PathPattern unversioned() {
    return unversioned;
  }

  /** How many segments stand before the first of {@link #unversioned()}; 0 where it has none. */
  int versionDepth() {
    return unversioned == null ? 0 : segments.size() - unversioned.segments.size();
  }

  /** The names of the variables, in the order in which they stand. */
  public List<String> variables() {
    List<String> names = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment instanceof Segment.Variable variable) {
        names.add(variable.name());
      }
    }
    return names;
  }

  /** Whether the pattern ends with {@code **}. */
  public boolean hasRest() {
    return rest;
  }

  /** Matches a raw path on its own, outside an index; null where it does not match. */
  public @Nullable PathMatch match(String rawPath) {
    if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
      return null;
    }
    int at = 0;
    for (Segment segment : segments) {
      if (at >= rawPath.length()) {
        return null;
      }
      int end = RawPath.segmentEnd(rawPath, at + 1);
      if (!accepts(segment, rawPath, at + 1, end)) {
        return null;
      }
      at = end;
    }
    return rest || at == rawPath.length() ? new PathMatch(this, rawPath) : null;
  }

  List<Segment> segments() {
    return segments;
  }

  /**
   * Negative where this pattern is the more specific one: segment by segment, literal, version,
   * variable, any, end, rest.
   */
  int compareSpecificity(PathPattern other) {
    for (int i = 0; ; i++) {
      int mine = kind(i);
      int its = other.kind(i);
      if (mine != its || mine >= END) {
        return Integer.compare(mine, its);
      }
    }
  }

  /**
   * What the pattern matches, without the variables' names: equal shapes match the same paths with
   * the same specificity.
   */
  String shape() {
    StringBuilder shape = new StringBuilder();
    for (int i = 0; i < segments.size(); i++) {
      shape.append('/').append(kind(i));
      if (segments.get(i) instanceof Segment.Literal literal) {
        // The length keeps a decoded slash inside a literal from reading as a separator.
        shape
            .append(':')
            .append(literal.canonical().length())
            .append(':')
            .append(literal.canonical());
      } else if (segments.get(i) instanceof Segment.Version version) {
        shape.append(':').append(version.prefix());
      }
    }
    return shape.append('/').append(rest ? REST : END).toString();
  }

  private int kind(int index) {
    if (index >= segments.size()) {
      return rest ? REST : END;
    }
    Segment segment = segments.get(index);
    if (segment instanceof Segment.Literal) {
      return LITERAL;
    }
    if (segment instanceof Segment.Version) {
      return VERSION;
    }
    return segment instanceof Segment.Variable ? VARIABLE : ANY;
  }

  private static boolean accepts(Segment segment, String rawPath, int from, int to) {
    if (segment instanceof Segment.Literal literal) {
      return PercentText.matches(literal.canonical(), rawPath, from, to, false);
    }
    if (segment instanceof Segment.Version version) {
      int digit = PercentText.firstDigit(rawPath, from, to);
      return digit >= 0 && PercentText.matches(version.prefix(), rawPath, from, digit, false);
    }
    return from < to;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathPattern pattern && pattern.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The text it was read from. */
  @Override
  public String toString() {
    return text;
  }
}

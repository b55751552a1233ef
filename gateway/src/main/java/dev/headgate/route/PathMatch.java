package dev.headgate.route;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A path and the pattern it matched. Captures are cut out when asked for, so a route that rewrites
 * nothing pays nothing; they are raw, exactly as the client sent them.
 */
public final class PathMatch {
  private final PathPattern pattern;
  private final String rawPath;

  PathMatch(PathPattern pattern, String rawPath) {
    this.pattern = pattern;
    this.rawPath = rawPath;
  }

  public PathPattern pattern() {
    return pattern;
  }

  /** The whole path, without the query. */
  public String rawPath() {
    return rawPath;
  }

  /**
   * What stands where the pattern has {@code {name}}, undecoded and never empty.
   *
   * @throws IllegalArgumentException if the pattern has no such variable
   */
  public String variable(String name) {
    List<Segment> segments = pattern.segments();
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i) instanceof Segment.Variable variable && variable.name().equals(name)) {
        return segment(i);
      }
    }
    throw Refusal.of("{" + name + "}", "one of the variables " + pattern.variables());
  }

  /** All variables, undecoded, in the pattern's order. */
  public Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    List<Segment> segments = pattern.segments();
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i) instanceof Segment.Variable variable) {
        variables.put(variable.name(), segment(i));
      }
    }
    return variables;
  }

  /**
   * What {@code **} stands for, undecoded, with the slash before it: {@code ""} where nothing
   * follows, {@code "/"} where only a slash does. Empty for a pattern without {@code **}.
   */
  public String rest() {
    return rawPath.substring(RawPath.afterSegments(rawPath, pattern.segments().size()));
  }

  /** Whether the pattern holds a version, so that this path names one. */
  public boolean versioned() {
    return pattern.unversioned() != null;
  }

  /**
   * The same match without the version and what stands before it: {@code /users} for {@code
   * /v2/users}. Its path is empty where nothing else was asked for.
   */
  public PathMatch unversioned() {
    PathPattern below = pattern.unversioned();
    return below == null ? this : new PathMatch(below, rawPath.substring(versionEnd()));
  }

  /** How much of the raw path is the version and what stands before it; 0 where it has none. */
  public int versionEnd() {
    return RawPath.afterSegments(rawPath, pattern.versionDepth());
  }

  /** Where the version begins in the raw path; its segment's end is its own. */
  int versionStart() {
    int from = RawPath.afterSegments(rawPath, pattern.versionDepth() - 1) + 1;
    return PercentText.firstDigit(rawPath, from, RawPath.segmentEnd(rawPath, from));
  }

  String segment(int index) {
    int from = RawPath.afterSegments(rawPath, index) + 1;
    return rawPath.substring(from, RawPath.segmentEnd(rawPath, from));
  }

  @Override
  public String toString() {
    return rawPath + " by " + pattern;
  }
}

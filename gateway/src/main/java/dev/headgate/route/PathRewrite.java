package dev.headgate.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What path a route asks its upstream for. Captures go in byte for byte as the client sent them, so
 * encodings, empty segments and a trailing slash after {@code **} survive.
 */
public abstract sealed class PathRewrite {
  private PathRewrite() {}

  /**
   * A rewrite by template: {@code /internal/users/{id}/**}. Variables may be used in any order,
   * repeatedly or not at all; literal text is given decoded or percent-encoded.
   *
   * @param pattern the pattern whose captures it uses
   * @throws IllegalArgumentException if the text is no template, or uses a variable or {@code **}
   *     that the pattern has not
   */
  public static PathRewrite template(String text, PathPattern pattern) {
    PathPattern template = new PathPatternParser(text, true).parse();
    for (String name : template.variables()) {
      if (!pattern.variables().contains(name)) {
        throw Refusal.of("{" + name + "}", "a variable of the path " + pattern);
      }
    }
    if (template.hasRest() && !pattern.hasRest()) {
      throw Refusal.of(text, "no '**', as the path " + pattern + " has none");
    }
    return new Template(template, pattern);
  }

  /**
   * A rewrite that takes whole leading segments away, and leaves {@code /} where nothing is left.
   *
   * @param prefix literal segments with which the pattern begins, such as {@code /api}
   * @throws IllegalArgumentException if the pattern does not begin with them
   */
  public static PathRewrite stripPrefix(String prefix, PathPattern pattern) {
    PathPattern parsed = PathPattern.parse(prefix);
    List<Segment> segments = parsed.segments();
    if (prefix.endsWith("/")) {
      throw Refusal.of(prefix, "one or more segments without a trailing slash, such as /api");
    }
    boolean literal =
        !parsed.hasRest() && segments.stream().allMatch(s -> s instanceof Segment.Literal);
    if (!literal) {
      throw Refusal.of(prefix, "literal segments only; a template takes variables away");
    }
    if (segments.size() > pattern.segments().size()
        || !canonical(segments).equals(canonical(pattern.segments().subList(0, segments.size())))) {
      throw Refusal.of(prefix, "whole literal segments with which the path " + pattern + " begins");
    }
    StringBuilder raw = new StringBuilder();
    for (Segment segment : segments) {
      raw.append('/').append(((Segment.Literal) segment).raw());
    }
    return new StripPrefix(segments.size(), prefix, raw.toString());
  }

  /**
   * What leaves the paths that the pattern takes as they are. Reversed, it tells them from paths of
   * others, which are nobody's here.
   */
  public static PathRewrite unchanged(PathPattern pattern) {
    return new Unchanged(pattern);
  }

  /**
   * The raw path to ask for; it starts with a slash. The match must be one of the pattern this was
   * made for.
   */
  public abstract String apply(PathMatch match);

  /**
   * The client's path for a path of the upstream: rewriting it gives that path again. Null where
   * there is none, or where it cannot be told, since the rewrite drops part of what it matched.
   *
   * @param path raw, without the query
   */
  public abstract @Nullable String reverse(String path);

  /**
   * The same for a path that stands for all those below it, such as that of a cookie; without a
   * trailing slash, since that would leave the path itself out.
   */
  public abstract @Nullable String reversePrefix(String prefix);

  private static String withoutEnd(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Whether the path is a beginning, in whole segments, of the pattern's literal one. */
  private static boolean isAbove(String path, PathPattern pattern) {
    String start = literalStart(pattern);
    return start.startsWith(path)
        && (start.length() == path.length() || start.charAt(path.length()) == '/');
  }

  private static String literalStart(PathPattern of) {
    StringBuilder start = new StringBuilder();
    for (Segment segment : of.segments()) {
      if (!(segment instanceof Segment.Literal literal)) {
        break;
      }
      start.append('/').append(literal.raw());
    }
    return start.toString();
  }

  /** The texts of literal segments; other segments stand for themselves and so equal none. */
  private static List<Object> canonical(List<Segment> segments) {
    return segments.stream()
        .<Object>map(s -> s instanceof Segment.Literal literal ? literal.canonical() : s)
        .toList();
  }

  private static final class Template extends PathRewrite {
    private final PathPattern template;
    private final PathPattern pattern;
    private final boolean reversible;

    Template(PathPattern template, PathPattern pattern) {
      this.template = template;
      this.pattern = pattern;
      this.reversible =
          template.hasRest() == pattern.hasRest()
              && template.variables().containsAll(pattern.variables())
              && pattern.segments().stream().noneMatch(s -> s instanceof Segment.Any);
    }

    @Override
    public @Nullable String reverse(String path) {
      PathMatch match = reversible ? template.match(path) : null;
      if (match == null) {
        return null;
      }
      String client = fill(pattern, match);
      PathMatch back = pattern.match(client);
      // A variable that the template repeats may stand for two things in what was asked about.
      return back != null && apply(back).equals(path) ? client : null;
    }

    @Override
    public @Nullable String reversePrefix(String prefix) {
      String path = withoutEnd(prefix);
      if (path.isEmpty() || isAbove(path, template)) {
        // It covers all that the route can ask for, and so all that the route takes.
        return withoutEnd(literalStart(pattern));
      }
      String client = template.hasRest() ? reverse(path) : null;
      return client == null ? null : withoutEnd(client);
    }

    @Override
    public String apply(PathMatch match) {
      return fill(template, match);
    }

    private static String fill(PathPattern template, PathMatch match) {
      StringBuilder out =
          new StringBuilder(match.rawPath().length() + template.toString().length());
      for (Segment segment : template.segments()) {
        out.append('/');
        if (segment instanceof Segment.Literal literal) {
          out.append(literal.raw());
        } else if (segment instanceof Segment.Variable variable) {
          out.append(match.variable(variable.name()));
        }
      }
      if (template.hasRest()) {
        out.append(match.rest());
      }
      return out.isEmpty() ? "/" : out.toString();
    }

    @Override
    public String toString() {
      return "path: " + template;
    }
  }

  private static final class Unchanged extends PathRewrite {
    private final PathPattern pattern;

    Unchanged(PathPattern pattern) {
      this.pattern = pattern;
    }

    @Override
    public @Nullable String reverse(String path) {
      return pattern.match(path) == null ? null : path;
    }

    @Override
    public @Nullable String reversePrefix(String prefix) {
      String path = withoutEnd(prefix);
      return isAbove(path, pattern) || pattern.match(path) != null ? path : null;
    }

    @Override
    public String apply(PathMatch match) {
      return match.rawPath();
    }

    @Override
    public String toString() {
      return "reverse: true";
    }
  }

  private static final class StripPrefix extends PathRewrite {
    private final int segments;
    private final String prefix;
    private final String raw;

    StripPrefix(int segments, String prefix, String raw) {
      this.segments = segments;
      this.prefix = prefix;
      this.raw = raw;
    }

    // All of the service's paths hang below the prefix, those of other routes too.
    @Override
    public String reverse(String path) {
      return raw + path;
    }

    @Override
    public String reversePrefix(String path) {
      return raw + withoutEnd(path);
    }

    @Override
    public String apply(PathMatch match) {
      String left = match.rawPath().substring(RawPath.afterSegments(match.rawPath(), segments));
      return left.isEmpty() ? "/" : left;
    }

    @Override
    public String toString() {
      return "strip-prefix: " + prefix;
    }
  }
}

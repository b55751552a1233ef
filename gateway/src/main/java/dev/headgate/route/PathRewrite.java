package dev.headgate.route;

import java.util.List;

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
    return new Template(template);
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
    return new StripPrefix(segments.size(), prefix);
  }

  /**
   * The raw path to ask for; it starts with a slash. The match must be one of the pattern this was
   * made for.
   */
  public abstract String apply(PathMatch match);

  /** The texts of literal segments; other segments stand for themselves and so equal none. */
  private static List<Object> canonical(List<Segment> segments) {
    return segments.stream()
        .<Object>map(s -> s instanceof Segment.Literal literal ? literal.canonical() : s)
        .toList();
  }

  private static final class Template extends PathRewrite {
    private final PathPattern template;

    Template(PathPattern template) {
      this.template = template;
    }

    @Override
    public String apply(PathMatch match) {
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

  private static final class StripPrefix extends PathRewrite {
    private final int segments;
    private final String prefix;

    StripPrefix(int segments, String prefix) {
      this.segments = segments;
      this.prefix = prefix;
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

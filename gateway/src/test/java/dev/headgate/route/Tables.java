package dev.headgate.route;

import static dev.headgate.testing.Property.chance;
import static dev.headgate.testing.Property.oneOf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Random tables and requests over alphabets so small that routes collide, shadow and tie. */
final class Tables {
  private static final List<String> LITERALS =
      List.of("a", "%61", "b", "a b", "a%20b", "é", "%2F", "%25", "v1", "v", "w2");
  private static final List<String> PREFIXES =
      List.of("/v{version}", "/w{version}", "/a/v{version}");
  private static final List<String> REQUEST_SEGMENTS =
      List.of(
          "a", "%61", "b", "a%20b", "%c3%A9", "%2f", "%25", "%", "%2", "%zz", "A", "", "c", "a;x",
          "v1", "v2", "%76%31", "v", "va", "va1", "w2", "v1b", "1", "%7");
  private static final List<String> HOSTS =
      List.of("h.test", "H.test.", "a.h.test", "*.h.test", "*.test", "*.a.h.test", "[::1]");
  private static final List<String> REQUEST_HOSTS =
      List.of(
          "",
          "h.test",
          "A.h.test:80",
          "b.a.h.test.",
          "test",
          ".test",
          "c.b.a.h.test",
          "[::1]:8080",
          "x");
  private static final List<String> METHODS = List.of("GET", "POST", "PUT");
  private static final List<String> VALUES = List.of("1", "2", "3", "4", "5", "6", "a b", "é", "");
  private static final List<String> REGEXES = List.of("1|2", "[23]", ".*", "a.b");
  private static final List<String> NAMES = List.of("x", "y", "X");
  private static final List<String> PARAMETERS =
      List.of(
          "x=1",
          "x=2",
          "x=3",
          "x=4",
          "%78=5",
          "x=6",
          "x",
          "x=",
          "y=a+b",
          "y=a%20b",
          "y=1",
          "y=%C3%A9",
          "X=1",
          "");

  private Tables() {}

  /**
   * Up to {@code most} routes; sometimes all of one path, so that only their conditions tell them
   * apart, or all of one specificity too, so that sub-indexes and the search for ties have much to
   * split.
   */
  static List<RouteRule> table(Random random, int most) {
    if (chance(random, 25)) {
      return alike(random, most);
    }
    int size = 1 + random.nextInt(most);
    String common = chance(random, 30) ? path(random) : null;
    boolean plain = chance(random, 30);
    List<RouteRule> rules = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String path = common != null ? common : path(random);
      rules.add(rule(random, "r" + i, path, plain));
    }
    return rules;
  }

  private static List<RouteRule> alike(Random random, int most) {
    PathPattern path = pattern(path(random));
    boolean methods = chance(random, 20);
    int headers = random.nextInt(3);
    int query = random.nextInt(3);
    List<RouteRule> rules = new ArrayList<>();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      Set<String> one = methods ? Set.of(oneOf(random, METHODS)) : Set.of();
      List<ValueCondition> lines = Stream.generate(() -> condition(random)).limit(headers).toList();
      List<ValueCondition> values = Stream.generate(() -> condition(random)).limit(query).toList();
      rules.add(new RouteRule("r" + i, 0, List.of(), path, one, lines, values));
    }
    return rules;
  }

  private static RouteRule rule(Random random, String id, String path, boolean plain) {
    int priority = chance(random, 80) ? 0 : random.nextInt(3) - 1;
    List<HostPattern> hosts = some(random, 40, () -> HostPattern.parse(oneOf(random, HOSTS)));
    Set<String> methods = new HashSet<>(some(random, 40, () -> oneOf(random, METHODS)));
    List<ValueCondition> headers = plain ? List.of() : some(random, 50, () -> condition(random));
    List<ValueCondition> query = plain ? List.of() : some(random, 30, () -> condition(random));
    return new RouteRule(id, priority, hosts, pattern(path), methods, headers, query);
  }

  /** The pattern of a path that may begin with one of the prefixes. */
  static PathPattern pattern(String path) {
    for (String prefix : PREFIXES) {
      if (path.startsWith(prefix)) {
        return PathPattern.versioned(prefix, PathPattern.parse(path.substring(prefix.length())));
      }
    }
    return PathPattern.parse(path);
  }

  static String path(Random random) {
    return chance(random, 25) ? oneOf(random, PREFIXES) + plainPath(random) : plainPath(random);
  }

  /** One without a version. */
  static String plainPath(Random random) {
    StringBuilder path = new StringBuilder();
    int segments = random.nextInt(4);
    for (int i = 0; i < segments; i++) {
      int kind = random.nextInt(10);
      path.append('/').append(kind < 2 ? "{v" + i + "}" : kind < 4 ? "*" : oneOf(random, LITERALS));
    }
    if (chance(random, 30)) {
      return path.append("/**").toString();
    }
    return segments == 0 || chance(random, 15) ? path.append('/').toString() : path.toString();
  }

  private static ValueCondition condition(Random random) {
    String name = oneOf(random, NAMES);
    int kind = random.nextInt(10);
    if (kind < 2) {
      return ValueCondition.present(name, random.nextBoolean());
    }
    return kind < 4
        ? ValueCondition.regex(name, Pattern.compile(oneOf(random, REGEXES)))
        : ValueCondition.exact(name, oneOf(random, VALUES));
  }

  /** Names and parameters may repeat. */
  static Requests request(Random random) {
    return request(random, requestPath(random));
  }

  static Requests request(Random random, String path) {
    List<String> parameters = some(random, 60, () -> oneOf(random, PARAMETERS));
    String target = parameters.isEmpty() ? path : path + "?" + String.join("&", parameters);
    Requests request = Requests.of(oneOf(random, METHODS), oneOf(random, REQUEST_HOSTS), target);
    for (int lines = random.nextInt(4); lines > 0; lines--) {
      request = request.with(oneOf(random, NAMES), oneOf(random, VALUES));
    }
    return request;
  }

  /** Any path; one in three fits a pattern of the table, so that deep patterns are reached too. */
  static Requests request(Random random, List<RouteRule> rules) {
    return chance(random, 33)
        ? request(random, fitting(random, oneOf(random, rules).path()))
        : request(random);
  }

  /** A raw path that the pattern matches. */
  static String fitting(Random random, PathPattern pattern) {
    StringBuilder path = new StringBuilder();
    for (Segment segment : pattern.segments()) {
      String any = oneOf(random, REQUEST_SEGMENTS);
      path.append('/')
          .append(
              segment instanceof Segment.Literal literal
                  ? literal.raw()
                  : segment instanceof Segment.Version version
                      ? version.prefix() + random.nextInt(3) + any
                      : any.isEmpty() ? "z" : any);
    }
    for (int more = pattern.hasRest() ? random.nextInt(3) : 0; more > 0; more--) {
      path.append('/').append(oneOf(random, REQUEST_SEGMENTS));
    }
    return path.isEmpty() ? "/" : path.toString();
  }

  private static String requestPath(Random random) {
    StringBuilder path = new StringBuilder();
    for (int segments = 1 + random.nextInt(4); segments > 0; segments--) {
      path.append('/').append(oneOf(random, REQUEST_SEGMENTS));
    }
    return path.toString();
  }

  private static <E> List<E> some(Random random, int percent, Supplier<E> each) {
    List<E> some = new ArrayList<>();
    while (some.size() < 3 && chance(random, percent)) {
      some.add(each.get());
    }
    return some;
  }
}

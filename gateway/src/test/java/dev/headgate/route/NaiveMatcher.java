package dev.headgate.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What matching means, written to be read and not to be fast: every route is tried. Shares no code
 * with the index; it reads patterns from their texts.
 */
final class NaiveMatcher {
  private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");

  private NaiveMatcher() {}

  static Match<String> match(List<RouteRule> rules, Requests request) {
    List<RouteRule> best = best(rules, request);
    if (!best.isEmpty()) {
      RouteRule rule = best.stream().min(Comparator.comparing(RouteRule::id)).orElseThrow();
      return new Match.Found<>(rule.id(), rule, new PathMatch(rule.path(), request.path()));
    }
    List<RouteRule> byPath = rules.stream().filter(rule -> hostAndPath(rule, request)).toList();
    TreeSet<String> allowed = new TreeSet<>();
    byPath.stream()
        .filter(rule -> conditions(rule, request))
        .forEach(rule -> allowed.addAll(rule.methods()));
    return allowed.isEmpty()
        ? new Match.NotFound<>(!byPath.isEmpty())
        : new Match.MethodNotAllowed<>(allowed);
  }

  /** The routes that match and that no other beats: more than one is a tie. */
  static List<RouteRule> best(List<RouteRule> rules, Requests request) {
    List<RouteRule> best = new ArrayList<>();
    for (RouteRule rule : rules) {
      Set<String> methods = rule.methods();
      boolean method = methods.isEmpty() || methods.contains(request.method());
      if (method && hostAndPath(rule, request) && conditions(rule, request)) {
        int order =
            best.isEmpty() ? 0 : Arrays.compare(key(rule, request), key(best.get(0), request));
        if (order < 0) {
          best.clear();
        }
        if (order <= 0) {
          best.add(rule);
        }
      }
    }
    return best;
  }

  /** What decides between matching routes, most important first, less is better. */
  private static int[] key(RouteRule rule, Requests request) {
    int[] key = new int[14];
    key[0] = -rule.priority();
    key[1] =
        rule.hosts().stream()
            .map(HostPattern::toString)
            .filter(host -> host(host, request.host()))
            .mapToInt(host -> host.startsWith("*") ? -host.length() : -1000)
            .min()
            .orElse(0);
    String[] segments = segments(rule.path().toString());
    for (int i = 0; i <= segments.length; i++) {
      key[2 + i] = i == segments.length ? 5 : weight(segments[i]);
    }
    key[9] = rule.methods().isEmpty() ? 1 : 0;
    key[10] = -rule.headers().size();
    key[11] = -exact(rule.headers());
    key[12] = -rule.query().size();
    key[13] = -exact(rule.query());
    return key;
  }

  private static int weight(String segment) {
    if (segment.equals("**")) {
      return 6;
    }
    if (isVersion(segment)) {
      return 2;
    }
    return segment.equals("*") ? 4 : segment.startsWith("{") ? 3 : 1;
  }

  private static int exact(List<ValueCondition> conditions) {
    return (int) conditions.stream().filter(c -> c.test() instanceof ValueCondition.Exact).count();
  }

  static boolean hostAndPath(RouteRule rule, Requests request) {
    boolean host =
        rule.hosts().isEmpty()
            || rule.hosts().stream().anyMatch(h -> host(h.toString(), request.host()));
    return host && path(segments(rule.path().toString()), segments(request.path()));
  }

  private static boolean host(String pattern, String host) {
    return pattern.startsWith("*")
        ? host.length() > pattern.length() - 1 && host.endsWith(pattern.substring(1))
        : host.equals(pattern);
  }

  private static boolean path(String[] pattern, String[] path) {
    boolean rest = pattern.length > 0 && pattern[pattern.length - 1].equals("**");
    int fixed = rest ? pattern.length - 1 : pattern.length;
    if (rest ? path.length < fixed : path.length != fixed) {
      return false;
    }
    for (int i = 0; i < fixed; i++) {
      boolean one = pattern[i].equals("*") || pattern[i].startsWith("{");
      String decoded = decode(path[i], false);
      if (isVersion(pattern[i])
          ? !decoded.matches(Pattern.quote(prefix(pattern[i])) + "[0-9](?s:.*)")
          : one ? path[i].isEmpty() : !decode(pattern[i], false).equals(decoded)) {
        return false;
      }
    }
    return true;
  }

  /** Only where something stands before it: {@code {version}} alone is a variable. */
  private static boolean isVersion(String segment) {
    return segment.length() > 9 && segment.endsWith("{version}");
  }

  private static String prefix(String segment) {
    return segment.substring(0, segment.length() - 9);
  }

  private static String[] segments(String path) {
    return path.substring(1).split("/", -1);
  }

  static boolean conditions(RouteRule rule, Requests request) {
    return rule.headers().stream().allMatch(c -> holds(c.test(), headers(request, c.name())))
        && rule.query().stream()
            .allMatch(c -> holds(c.test(), parameters(request.rawQuery(), c.name())));
  }

  private static List<String> headers(Requests request, String name) {
    return request.lines().stream()
        .filter(
            line -> line.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static List<String> parameters(@Nullable String query, String name) {
    List<String> values = new ArrayList<>();
    for (String parameter : query == null ? new String[0] : query.split("&")) {
      String[] parts = parameter.split("=", 2);
      if (!parameter.isEmpty() && decode(parts[0], true).equals(name)) {
        values.add(parts.length == 1 ? "" : decode(parts[1], true));
      }
    }
    return values;
  }

  private static boolean holds(ValueCondition.Test test, List<String> values) {
    if (test instanceof ValueCondition.Present present) {
      return present.present() != values.isEmpty();
    }
    return values.stream()
        .anyMatch(
            value ->
                test instanceof ValueCondition.Exact exact
                    ? value.equals(exact.value())
                    : test instanceof ValueCondition.Regex regex
                        && regex.pattern().matcher(value).matches());
  }

  static String decode(String text, boolean plus) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (ENCODED.matcher(text).region(i, text.length()).lookingAt()) {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.writeBytes(
            (plus && text.charAt(i) == '+' ? " " : text.substring(i, i + 1)).getBytes(UTF_8));
      }
    }
    return bytes.toString(UTF_8);
  }
}

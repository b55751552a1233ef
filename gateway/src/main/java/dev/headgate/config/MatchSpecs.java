package dev.headgate.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The keys under {@code match}. Hosts and paths are parsed when the table is compiled. */
final class MatchSpecs {
  // RFC 9110, section 9.1: methods are case-sensitive. Nobody means another "get" than GET, so
  // those are put right.
  private static final Set<String> KNOWN_METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private static final Pattern SOMETHING = Pattern.compile("\\S(.*\\S)?");

  private static final Field<Pattern> REGEX =
      Field.optional(
          "regex", Specs.regex(), "The whole value matches this Java regular expression.");

  private static final Field<Boolean> PRESENT =
      Field.optional(
          "present", Specs.bool(), "Whether there must be a value, whatever it is, or none.");

  private static final Spec<ValueMatch> VALUE =
      Specs.either(
          Specs.text().map(ValueMatch.Exact::new),
          Specs.object(MatchSpecs::condition, REGEX, PRESENT).exactlyOneOf(REGEX, PRESENT));

  private static final Field<List<String>> HOSTS =
      Field.otherwise(
          "hosts",
          Specs.listOf(
              Specs.text(
                  SOMETHING, ProblemCode.BAD_HOST, "a host, or a wildcard such as *.example.com"),
              1,
              1000),
          List.of(),
          "every host",
          "Any of these hosts, the port ignored. A wildcard such as *.example.com stands for one or more labels.");

  private static final Field<String> PATH =
      Field.withDefault(
          "path",
          Specs.text(Pattern.compile("/.*"), ProblemCode.BAD_PATH, "a path that begins with /"),
          "/**",
          "Segments may be literal, {name} or * for any one, and ** at the end for any number, none included.");

  private static final Field<List<String>> METHODS =
      Field.otherwise(
          "methods",
          Specs.listOf(
              Specs.text(Http.TOKEN, ProblemCode.BAD_VALUE, "a method such as GET")
                  .map(MatchSpecs::method),
              1,
              100),
          List.of(),
          "every method",
          "Any of these methods. Others are answered with 405 where no other route takes the path.");

  private static final Field<Map<String, ValueMatch>> HEADERS =
      Field.otherwise(
          "headers",
          Specs.mapOf(Specs.headerName().map(name -> name.toLowerCase(Locale.ROOT)), VALUE),
          Map.of(),
          "no condition",
          "All of these: a value, {regex: ...} or {present: true or false}. Names in any case.");

  private static final Field<Map<String, ValueMatch>> QUERY =
      Field.otherwise(
          "query",
          Specs.mapOf(
              Specs.text(
                  Pattern.compile(".+"), ProblemCode.BAD_VALUE, "the name of a query parameter"),
              VALUE),
          Map.of(),
          "no condition",
          "All of these: a value, {regex: ...} or {present: true or false}. Names and values after decoding.");

  static final ObjectSpec<MatchConfig> MATCH =
      Specs.object(
          v ->
              new MatchConfig(
                  v.get(HOSTS), v.get(PATH), v.get(METHODS), v.get(HEADERS), v.get(QUERY)),
          HOSTS,
          PATH,
          METHODS,
          HEADERS,
          QUERY);

  private MatchSpecs() {}

  private static ValueMatch condition(Values v) {
    Pattern regex = v.find(REGEX);
    return regex != null ? new ValueMatch.Regex(regex) : new ValueMatch.Present(v.get(PRESENT));
  }

  private static String method(String written) {
    String upper = written.toUpperCase(Locale.ROOT);
    return KNOWN_METHODS.contains(upper) ? upper : written;
  }
}

package dev.headgate.config;

import dev.headgate.config.VersioningConfig.AfterSunset;
import dev.headgate.config.VersioningConfig.From;
import dev.headgate.config.VersioningConfig.Match;
import dev.headgate.config.VersioningConfig.Scheme;
import dev.headgate.config.VersioningConfig.Version;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys under {@code versioning}. What versions mean is read when the table is compiled. */
final class VersioningSpecs {
  // The second form is a date; whether the scheme takes it only shows beside the other keys.
  private static final Spec<String> VERSION_ID =
      Specs.text(
          Pattern.compile("[vV]?[0-9]{1,6}(\\.[0-9]{1,6}){0,2}|[vV]?[0-9]{4}-[0-9]{2}-[0-9]{2}"),
          ProblemCode.BAD_VERSION,
          "a version such as 2 or 2.1, or a day such as 2026-11-01");

  // Framing, the connection and the target (RFC 9110 sections 7.2, 7.6.1 and 8.6): what they hold
  // is no version.
  private static final Set<String> TAKEN =
      Set.of(
          "connection",
          "content-length",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via");

  private static final Field<String> PATH =
      Field.optional(
          "path",
          Specs.text(
              Pattern.compile("(/[A-Za-z0-9._~-]+)*/[A-Za-z._~-]+\\{version\\}"),
              ProblemCode.BAD_PATH,
              "a path that ends with {version} behind one or more letters, such as /v{version}"),
          "What may stand before the route's path: with /v{version} the path /users also answers at /v2/users.");

  private static final Field<String> ACCEPT_PARAMETER =
      Field.optional(
          "accept-parameter",
          Specs.text(Http.TOKEN, ProblemCode.BAD_VALUE, "a parameter's name, such as version")
              .check(
                  ProblemCode.BAD_VALUE,
                  name ->
                      name.equalsIgnoreCase("q")
                          ? "is the weight of a media range (expected: another name)"
                          : null),
          "The name of a parameter of media ranges, as in Accept: application/json;version=2.");

  private static final Field<String> HEADER =
      Field.optional(
          "header",
          Specs.headerName().check(ProblemCode.BAD_HEADER, VersioningSpecs::noPlace),
          "The name of a header whose value is the version.");

  private static final Field<String> QUERY =
      Field.optional(
          "query",
          Specs.text(Pattern.compile(".+"), ProblemCode.BAD_VALUE, "the name of a query parameter"),
          "The name of a query parameter whose value is the version.");

  private static final ObjectSpec<From> FROM_SPEC =
      Specs.object(VersioningSpecs::from, PATH, ACCEPT_PARAMETER, HEADER, QUERY);

  private static final Field<From> FROM =
      Field.required(
          "from",
          FROM_SPEC,
          "Where a request may say its version; one or more places. Two that disagree are a 400.");

  private static final Field<String> DEFAULT =
      Field.optional(
          "default",
          VERSION_ID,
          "Serves requests that say no version; without it they are refused with 400.");

  private static final Field<Match> MATCH =
      Field.withDefault(
          "match",
          Specs.enumOf(Match.class),
          "exact",
          "For numbers. With compatible, 2 is served by the highest 2.x there is, and 2.1 by the highest 2.1.x.");

  private static final Field<Scheme> SCHEME =
      Field.withDefault(
          "scheme",
          Specs.enumOf(Scheme.class),
          "number",
          "How versions are written. A date is served by the version of that day, or by the newest before it.");

  private static final Field<AfterSunset> AFTER_SUNSET =
      Field.withDefault(
          "after-sunset",
          Specs.enumOf(AfterSunset.class),
          "refuse",
          "What becomes of requests for a version whose sunset has passed: 410, or served on.");

  private static final Field<String> UPSTREAM =
      Field.required("upstream", Specs.upstream(), "The upstream that answers, by its id.");

  private static final Field<RewriteConfig> REWRITE =
      Field.optional(
          "rewrite",
          RouteSpecs.REWRITE,
          "How the path, without its version, changes on its way to this version's upstream; the route's own rewrite unless written.");

  private static final Field<LocalDate> DEPRECATED =
      Field.optional(
          "deprecated",
          Specs.date(),
          "From this day, 00:00 UTC, the version should not be used: answers carry Deprecation (RFC 9745).");

  private static final Field<LocalDate> SUNSET =
      Field.optional(
          "sunset",
          Specs.date(),
          "From this day, 00:00 UTC, the version is gone: answers carry Sunset (RFC 8594), and after it after-sunset holds. Not before deprecated.");

  private static final Field<String> DOCS =
      Field.optional(
          "docs",
          Specs.text(
              Pattern.compile("https?://[!#-;=?-~]{1,2000}"),
              ProblemCode.BAD_URL,
              "an http or https URL, percent-encoded"),
          "A page that tells what to do instead: answers link to it, with the relations deprecation and sunset.");

  private static final ObjectSpec<Version> VERSION =
      Specs.object(VersioningSpecs::version, UPSTREAM, REWRITE, DEPRECATED, SUNSET, DOCS);

  private static final Field<Map<String, Version>> VERSIONS =
      Field.required(
          "versions",
          Specs.mapOf(VERSION_ID, VERSION)
              .check(
                  ProblemCode.MISSING_KEY,
                  versions ->
                      versions.isEmpty() ? "without a version (expected: one or more)" : null),
          "The versions there are. 1, 1.0 and v1 are one version and may be written once.");

  static final Field<VersioningConfig> VERSIONING =
      Field.optional(
          "versioning",
          Specs.object(
              VersioningSpecs::versioning, FROM, DEFAULT, MATCH, SCHEME, AFTER_SUNSET, VERSIONS),
          "Upstreams by the version that a request asks for; see docs/versioning.md.");

  private VersioningSpecs() {}

  private static @Nullable String noPlace(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    if (name.equals("accept")) {
      return "has media ranges (expected: accept-parameter for it)";
    }
    return TAKEN.contains(name)
        ? "has a meaning of its own (expected: another header, such as X-API-Version)"
        : null;
  }

  private static @Nullable From from(Values v) {
    From from = new From(v.find(PATH), v.find(ACCEPT_PARAMETER), v.find(HEADER), v.find(QUERY));
    if (from.equals(new From(null, null, null, null))) {
      v.problem(
          PATH,
          ProblemCode.MISSING_KEY,
          "one or more of path, accept-parameter, header or query are missing");
      return null;
    }
    return from;
  }

  private static @Nullable Version version(Values v) {
    LocalDate deprecated = v.find(DEPRECATED);
    LocalDate sunset = v.find(SUNSET);
    if (deprecated != null && sunset != null && sunset.isBefore(deprecated)) {
      v.problem(
          SUNSET,
          ProblemCode.BAD_DATE,
          "is before deprecated, " + deprecated + " (expected: that day or a later one)");
    }
    String docs = v.find(DOCS);
    if (docs != null && deprecated == null && sunset == null) {
      v.problem(
          DOCS,
          ProblemCode.MISSING_KEY,
          "is told nobody without deprecated or sunset (expected: one of them beside it)");
    }
    return new Version(v.get(UPSTREAM), v.find(REWRITE), deprecated, sunset, docs);
  }

  private static VersioningConfig versioning(Values v) {
    if (v.written(MATCH) && v.get(SCHEME) == Scheme.DATE) {
      v.problem(
          MATCH,
          ProblemCode.CONFLICTING_KEYS,
          "is for numbers (expected: nothing, or another scheme)");
    }
    return new VersioningConfig(
        v.get(FROM),
        v.find(DEFAULT),
        v.get(MATCH),
        v.get(SCHEME),
        v.get(AFTER_SUNSET),
        v.get(VERSIONS));
  }
}

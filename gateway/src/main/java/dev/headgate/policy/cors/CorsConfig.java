package dev.headgate.policy.cors;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import dev.headgate.config.Values;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route allows web pages of other origins.
 *
 * @param methods empty where the route's own count; {@code *} for any
 * @param headers request fields beyond those always allowed; {@code *} for any
 * @param exposeHeaders response fields a page may read beyond those it always may
 * @param maxAge how long a browser may keep a preflight's answer; 0 s to 24 h
 */
record CorsConfig(
    AllowedOrigins origins,
    List<String> methods,
    List<String> headers,
    List<String> exposeHeaders,
    boolean credentials,
    Duration maxAge) {
  private static final int MOST = 100;
  private static final String ANY = "*";

  private static final Field<List<String>> ORIGINS =
      Field.required(
          "origins",
          Specs.listOf(origin(), 1, 1000),
          "Who may call: exact origins, https://*.example.com for one or more labels, null for pages without an origin, or * alone for all.");

  private static final Field<List<String>> METHODS =
      Field.otherwise(
          "methods",
          Specs.listOf(name(), 1, MOST),
          List.of(),
          "those of match; GET, HEAD and POST where it has none",
          "What a preflight may ask for; * for any.");

  private static final Field<List<String>> HEADERS =
      Field.otherwise(
          "headers",
          Specs.listOf(name(), 1, MOST),
          List.of(),
          "none",
          "Request headers a page may set beyond the safelisted ones; * for any.");

  private static final Field<List<String>> EXPOSE_HEADERS =
      Field.otherwise(
          "expose-headers",
          Specs.listOf(name(), 1, MOST),
          List.of(),
          "none",
          "Response headers a page may read beyond the safelisted ones; * for all, which browsers heed without credentials only.");

  private static final Field<Boolean> CREDENTIALS =
      Field.withDefault(
          "credentials",
          Specs.bool(),
          "false",
          "Whether a page may send cookies and the like. Not beside the origin *.");

  private static final Field<Duration> MAX_AGE =
      Field.withDefault(
          "max-age",
          Specs.duration(Duration.ZERO, Duration.ofHours(24)),
          "10m",
          "How long browsers may remember a preflight's answer; they have shorter limits of their own.");

  static final ConfigKey<CorsConfig> KEY =
      new ConfigKey<>(
          "cors",
          spec(),
          "Which web pages of other origins may call the route. Preflights are answered by the gateway, also where match.methods lacks OPTIONS: one reaches the route that its method would. An origin that is not allowed gets 403 for a preflight; its other requests go through to the service, as they do from anything that is no browser, but their answers carry no permission to read them. Access-Control-* of the service are replaced.");

  private static ObjectSpec<CorsConfig> spec() {
    return Specs.object(
        CorsConfig::of, ORIGINS, METHODS, HEADERS, EXPOSE_HEADERS, CREDENTIALS, MAX_AGE);
  }

  private static @Nullable CorsConfig of(Values v) {
    List<String> origins = v.get(ORIGINS);
    boolean any = origins.contains(AllowedOrigins.ANY);
    if (any && origins.size() > 1) {
      v.problem(
          ORIGINS,
          ProblemCode.CONFLICTING_KEYS,
          "has * beside other origins (expected: * alone, or none)");
      return null;
    }
    if (any && v.get(CREDENTIALS)) {
      // The Fetch standard forbids it, and naming each caller instead would let every web page act
      // for the user.
      v.problem(
          CREDENTIALS,
          ProblemCode.CONFLICTING_KEYS,
          "stands beside the origin * (expected: the origins by name, or credentials: false)");
      return null;
    }
    return new CorsConfig(
        AllowedOrigins.of(origins),
        v.get(METHODS),
        v.get(HEADERS),
        v.get(EXPOSE_HEADERS),
        v.get(CREDENTIALS),
        v.get(MAX_AGE));
  }

  private static Spec<String> origin() {
    return Specs.text()
        .check(
            ProblemCode.BAD_VALUE,
            text ->
                text.equals(ANY) || text.equals(AllowedOrigins.NULL)
                    ? null
                    : OriginPattern.problem(text));
  }

  // A star is a token too; browsers read it as one only where it is no wildcard.
  private static Spec<String> name() {
    return Specs.headerName();
  }

  boolean anyMethod() {
    return methods.contains(ANY);
  }

  boolean anyHeader() {
    return headers.contains(ANY);
  }
}

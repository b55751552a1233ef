package dev.headgate.config;

import dev.headgate.config.RouteTarget.Redirect;
import dev.headgate.config.RouteTarget.Respond;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys that say where a route's answer comes from. */
final class TargetSpecs {
  // The gateway frames its own answers (RFC 9112, section 6); a wrong length would desynchronise
  // the connection.
  private static final Set<String> OWN =
      Set.of(
          "content-length",
          "transfer-encoding",
          "connection",
          "upgrade",
          "trailer",
          "te",
          "keep-alive");

  // RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5.
  private static final Set<Integer> WITHOUT_BODY = Set.of(204, 205, 304);

  static final Field<String> UPSTREAM =
      Field.optional("upstream", Specs.upstream(), "The upstream that answers, by its id.");

  private static final Field<Integer> REDIRECT_STATUS =
      Field.required(
          "status",
          Specs.oneOfIntegers(301, 302, 303, 307, 308),
          "301 and 308 are permanent and remembered by clients; 307 and 308 keep method and body.");

  private static final Field<String> LOCATION =
      Field.required(
          "location",
          Specs.text(
              Pattern.compile("[!-~]{1,8000}"),
              ProblemCode.BAD_VALUE,
              "a URL or a path, percent-encoded"),
          "Where the client is sent, as it stands.");

  static final Field<Redirect> REDIRECT =
      Field.optional(
          "redirect",
          Specs.object(
              v -> new Redirect(v.get(REDIRECT_STATUS), v.get(LOCATION)),
              REDIRECT_STATUS,
              LOCATION),
          "The client is sent elsewhere.");

  private static final Field<Integer> STATUS =
      Field.withDefault("status", Specs.integer(200, 599), "200", "The answer's status.");

  private static final Field<String> BODY =
      Field.otherwise("body", Specs.text(), "", "empty", "The answer's body, sent as UTF-8.");

  private static final Field<String> CONTENT_TYPE =
      Field.optional(
          "content-type",
          Specs.headerValue(),
          "The body's media type; none is sent unless written.");

  private static final Field<Map<String, String>> HEADERS =
      Field.otherwise(
          "headers",
          Specs.mapOf(
              Specs.headerName().check(ProblemCode.BAD_HEADER, TargetSpecs::ownHeader),
              Specs.headerValue()),
          Map.of(),
          "none",
          "Further headers of the answer.");

  static final Field<Respond> RESPOND =
      Field.optional(
          "respond",
          Specs.object(TargetSpecs::respond, STATUS, BODY, CONTENT_TYPE, HEADERS),
          "The gateway answers by itself.");

  static final List<Field<?>> ALL =
      List.of(UPSTREAM, REDIRECT, RESPOND, VersioningSpecs.VERSIONING);

  private TargetSpecs() {}

  private static @Nullable String ownHeader(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("content-type")) {
      return "has a key of its own (expected: content-type beside headers)";
    }
    return OWN.contains(lower) ? "is set by the gateway (expected: another header)" : null;
  }

  private static @Nullable Respond respond(Values v) {
    int status = v.get(STATUS);
    String body = v.get(BODY);
    if (!body.isEmpty() && WITHOUT_BODY.contains(status)) {
      v.problem(
          BODY,
          ProblemCode.BAD_VALUE,
          "cannot be sent with status " + status + " (expected: no body)");
      return null;
    }
    return new Respond(status, body, v.find(CONTENT_TYPE), v.get(HEADERS));
  }

  /** What was chosen; the spec has seen to it that there is one. */
  static RouteTarget of(Values v) {
    Redirect redirect = v.find(REDIRECT);
    if (redirect != null) {
      return redirect;
    }
    VersioningConfig versioning = v.find(VersioningSpecs.VERSIONING);
    if (versioning != null) {
      return new RouteTarget.Versioned(versioning);
    }
    Respond respond = v.find(RESPOND);
    return respond != null ? respond : new RouteTarget.ToUpstream(v.get(UPSTREAM));
  }
}

package dev.headgate.config;

import dev.headgate.config.RouteTarget.Respond;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of an answer that the gateway gives by itself, wherever it stands. */
public final class RespondFields {
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
              Specs.headerName().check(ProblemCode.BAD_HEADER, RespondFields::ownHeader),
              Specs.headerValue()),
          Map.of(),
          "none",
          "Further headers of the answer.");

  /** All of them, in the order of the documentation. */
  public static final List<Field<?>> ALL = List.of(STATUS, BODY, CONTENT_TYPE, HEADERS);

  private RespondFields() {}

  /** The answer; null, with a problem told, where its parts do not go together. */
  public static @Nullable Respond of(Values v) {
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

  private static @Nullable String ownHeader(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("content-type")) {
      return "has a key of its own (expected: content-type beside headers)";
    }
    return OWN.contains(lower) ? "is set by the gateway (expected: another header)" : null;
  }
}

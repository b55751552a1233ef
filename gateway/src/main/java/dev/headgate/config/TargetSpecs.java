package dev.headgate.config;

import dev.headgate.config.RouteTarget.Redirect;
import dev.headgate.config.RouteTarget.Respond;
import java.util.List;
import java.util.regex.Pattern;

/** The keys that say where a route's answer comes from. */
final class TargetSpecs {
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

  static final Field<Respond> RESPOND =
      Field.optional(
          "respond",
          Specs.object(RespondFields.ALL, RespondFields::of),
          "The gateway answers by itself.");

  static final List<Field<?>> ALL =
      List.of(UPSTREAM, REDIRECT, RESPOND, VersioningSpecs.VERSIONING);

  private TargetSpecs() {}

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

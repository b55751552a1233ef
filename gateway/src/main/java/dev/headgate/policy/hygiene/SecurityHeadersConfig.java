package dev.headgate.policy.hygiene;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.Specs;
import dev.headgate.config.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a route tells browsers for security's sake.
 *
 * @param hsts value of {@code Strict-Transport-Security} (RFC 6797), sent over https alone; null to
 *     send none
 * @param fields the others, by their lower-case names
 * @param override whether they replace what the service said itself
 */
record SecurityHeadersConfig(@Nullable String hsts, Map<String, String> fields, boolean override) {

  private static final Field<Boolean> NO_SNIFF =
      Field.withDefault(
          "content-type-options",
          Specs.bool(),
          "true",
          "X-Content-Type-Options: nosniff, so that nothing is taken for a script that is none.");

  private static final Field<Optional<FrameOptions>> FRAMES =
      Field.withDefault(
          "frame-options",
          Specs.orNone(
              Specs.keyword(
                  ordered("DENY", FrameOptions.DENY, "SAMEORIGIN", FrameOptions.SAMEORIGIN))),
          "DENY",
          "X-Frame-Options: who may show the answer in a frame.");

  private static final Field<Optional<String>> REFERRER =
      Field.withDefault(
          "referrer-policy",
          Specs.orNone(Specs.headerValue()),
          "no-referrer",
          "Referrer-Policy: how much of the address later requests tell.");

  private static final Field<String> CONTENT_SECURITY =
      Field.optional(
          "content-security-policy", Specs.headerValue(), "Content-Security-Policy, as written.");

  private static final Field<String> PERMISSIONS =
      Field.optional("permissions-policy", Specs.headerValue(), "Permissions-Policy, as written.");

  private static final Field<String> OPENER =
      Field.optional(
          "cross-origin-opener-policy",
          Specs.headerValue(),
          "Cross-Origin-Opener-Policy, as written.");

  private static final Field<String> EMBEDDER =
      Field.optional(
          "cross-origin-embedder-policy",
          Specs.headerValue(),
          "Cross-Origin-Embedder-Policy, as written.");

  private static final Field<String> RESOURCE =
      Field.optional(
          "cross-origin-resource-policy",
          Specs.headerValue(),
          "Cross-Origin-Resource-Policy, as written.");

  private static final Field<Boolean> OVERRIDE =
      Field.withDefault(
          "override",
          Specs.bool(),
          "false",
          "Whether these replace what the service said itself under the same names.");

  private static final Field<Optional<HstsConfig>> HSTS =
      Field.otherwise(
          "hsts",
          Specs.orNone(HstsConfig.SPEC),
          Optional.of(HstsConfig.SPEC.defaults()),
          "as its parts say",
          "Strict-Transport-Security, over https alone: as the client sees it, where a trusted proxy tells that.");

  static final ConfigKey<SecurityHeadersConfig> KEY =
      new ConfigKey<>(
          "security-headers",
          Specs.wordOr("default", spec().defaults(), spec()),
          "What browsers are told for security's sake, on every answer of the route, errors included; off unless written. What the service says itself stays. default stands for the defaults below.");

  private static ObjectSpec<SecurityHeadersConfig> spec() {
    return Specs.object(
        SecurityHeadersConfig::of,
        HSTS,
        NO_SNIFF,
        FRAMES,
        REFERRER,
        CONTENT_SECURITY,
        PERMISSIONS,
        OPENER,
        EMBEDDER,
        RESOURCE,
        OVERRIDE);
  }

  private static SecurityHeadersConfig of(Values v) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (v.get(NO_SNIFF)) {
      fields.put("x-content-type-options", "nosniff");
    }
    v.get(FRAMES).ifPresent(frames -> fields.put("x-frame-options", frames.name()));
    v.get(REFERRER).ifPresent(policy -> fields.put("referrer-policy", policy));
    put(fields, "content-security-policy", v.find(CONTENT_SECURITY));
    put(fields, "permissions-policy", v.find(PERMISSIONS));
    put(fields, "cross-origin-opener-policy", v.find(OPENER));
    put(fields, "cross-origin-embedder-policy", v.find(EMBEDDER));
    put(fields, "cross-origin-resource-policy", v.find(RESOURCE));
    String hsts = v.get(HSTS).map(HstsConfig::value).orElse(null);
    return new SecurityHeadersConfig(hsts, Map.copyOf(fields), v.get(OVERRIDE));
  }

  private static void put(Map<String, String> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static <T> Map<String, T> ordered(String first, T a, String second, T b) {
    Map<String, T> words = new LinkedHashMap<>();
    words.put(first, a);
    words.put(second, b);
    return words;
  }

  private enum FrameOptions {
    DENY,
    SAMEORIGIN
  }
}

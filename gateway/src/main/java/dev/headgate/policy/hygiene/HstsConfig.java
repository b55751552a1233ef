package dev.headgate.policy.hygiene;

import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Specs;
import dev.headgate.config.Values;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code Strict-Transport-Security} (RFC 6797 section 6.1).
 *
 * @param maxAge how long browsers come back over https alone; 0 s to 730 d, 0 s takes it back
 */
record HstsConfig(Duration maxAge, boolean includeSubdomains, boolean preload) {
  /** What the browsers' preload lists ask for. */
  private static final Duration PRELOAD_LEAST = Duration.ofDays(365);

  private static final Field<Duration> MAX_AGE =
      Field.withDefault(
          "max-age",
          Specs.duration(Duration.ZERO, Duration.ofDays(730)),
          "365d",
          "How long browsers come back over https alone; 0s takes an earlier answer back.");

  private static final Field<Boolean> SUBDOMAINS =
      Field.withDefault(
          "include-subdomains",
          Specs.bool(),
          "true",
          "Whether that holds for all subdomains too; they must then all speak https.");

  private static final Field<Boolean> PRELOAD =
      Field.withDefault(
          "preload",
          Specs.bool(),
          "false",
          "Consent to browsers' built-in lists, which is hard to take back. With include-subdomains and max-age 365d or more only.");

  static final ObjectSpec<HstsConfig> SPEC =
      Specs.object(HstsConfig::of, MAX_AGE, SUBDOMAINS, PRELOAD);

  private static @Nullable HstsConfig of(Values v) {
    HstsConfig config = new HstsConfig(v.get(MAX_AGE), v.get(SUBDOMAINS), v.get(PRELOAD));
    if (config.preload()
        && (!config.includeSubdomains() || config.maxAge().compareTo(PRELOAD_LEAST) < 0)) {
      v.problem(
          PRELOAD,
          ProblemCode.BAD_VALUE,
          "is not heeded so (expected: include-subdomains: true and max-age of at least 365d"
              + " beside it)");
      return null;
    }
    return config;
  }

  String value() {
    return "max-age="
        + maxAge.toSeconds()
        + (includeSubdomains ? "; includeSubDomains" : "")
        + (preload ? "; preload" : "");
  }
}

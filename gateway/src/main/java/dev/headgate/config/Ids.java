package dev.headgate.config;

import java.util.regex.Pattern;

/** The names of routes and upstreams: safe in metrics, logs, URLs and file names as they are. */
final class Ids {
  static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  static final String EXPECTED =
      "an id: 1 to 100 letters, digits, dots, dashes and underscores, a letter or digit first";
  static final Spec<String> SPEC = Specs.text(PATTERN, ProblemCode.BAD_ID, EXPECTED);

  private Ids() {}
}

package dev.headgate.config;

import java.util.regex.Pattern;

/** What HTTP allows where. */
final class Http {
  /** RFC 9110, section 5.6.2. */
  static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+\\-.^_`|~]{1,256}");

  /** RFC 9110, section 5.5, without obs-text: what is beyond ASCII has no agreed encoding. */
  static final Pattern VALUE = Pattern.compile("([!-~]([ \\t!-~]*[!-~])?)?");

  private Http() {}
}

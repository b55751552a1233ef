package dev.headgate.policy.cors;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An origin as browsers serialise it (RFC 6454 section 6.2), {@code https://app.example.com}; or
 * {@code https://*.example.com}, where the star stands for one or more labels. Scheme and port are
 * compared exactly, hosts ignoring case.
 *
 * @param scheme lower case, with {@code ://}
 * @param host lower case, with the port; after a wildcard, beginning with the dot
 */
record OriginPattern(String scheme, boolean wildcard, String host) {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9+.-]*://)(\\*(?=\\.))?"
              + "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");

  private static final Map<String, String> DEFAULT_PORTS =
      Map.of("http://", ":80", "https://", ":443");

  static final String EXPECTED =
      "(expected: scheme://host[:port] as a browser sends it, https://*.example.com for any"
          + " subdomain, null, or * alone)";

  /** Why a text is no pattern, or null where it is one. */
  static @Nullable String problem(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      return "is no origin " + EXPECTED;
    }
    if (matcher.group(2) != null && matcher.group(3).indexOf('.', 1) < 0) {
      return "is a wildcard over a whole top-level domain (expected: two or more labels after it)";
    }
    String port = DEFAULT_PORTS.get(matcher.group(1).toLowerCase(Locale.ROOT));
    return port != null && port.equals(matcher.group(4))
        ? "names the scheme's own port, which browsers leave out (expected: no port)"
        : null;
  }

  /** A pattern that has no problem. */
  static OriginPattern parse(String text) {
    Matcher matcher = SYNTAX.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text + " is no origin");
    }
    String port = matcher.group(4);
    return new OriginPattern(
        matcher.group(1), matcher.group(2) != null, matcher.group(3) + (port == null ? "" : port));
  }

  /** Whether an {@code Origin} as sent is one of these. */
  boolean matches(String origin) {
    int schemeEnd = scheme.length();
    int from = origin.length() - host.length();
    if (!origin.regionMatches(true, 0, scheme, 0, schemeEnd)
        || !origin.regionMatches(true, from, host, 0, host.length())) {
      return false;
    }
    return wildcard ? labels(origin, schemeEnd, from) : from == schemeEnd;
  }

  /** Whether the range is one or more labels, as they may stand before a suffix. */
  private static boolean labels(String origin, int from, int to) {
    if (from >= to) {
      return false;
    }
    boolean labelBegins = true;
    for (int i = from; i < to; i++) {
      char c = origin.charAt(i);
      if (c == '.' ? labelBegins : !isLabelCharacter(c)) {
        return false;
      }
      labelBegins = c == '.';
    }
    return !labelBegins;
  }

  private static boolean isLabelCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}

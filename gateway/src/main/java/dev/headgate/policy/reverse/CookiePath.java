package dev.headgate.policy.reverse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code Path} of a {@code Set-Cookie}. */
final class CookiePath {
  private static final Pattern PATH =
      Pattern.compile("(;\\s*path\\s*=\\s*)(/[^;\\s]*)", Pattern.CASE_INSENSITIVE);

  private CookiePath() {}

  /**
   * The line with the path the client knows; the same text where there is none to be had.
   *
   * @param prefix what stands before every path of the client's; may be empty
   */
  static String back(UpstreamPlaces places, String prefix, String cookie) {
    // Browsers keep such a cookie at Path=/ only (RFC 6265bis section 4.1.3.2).
    if (cookie.regionMatches(true, 0, "__Host-", 0, 7)) {
      return cookie;
    }
    // The first ';' ends name and value, which may hold the same text; of several the last counts
    // (RFC 6265 section 5.2.4), and all are changed alike.
    Matcher matcher = PATH.matcher(cookie);
    StringBuilder out = null;
    while (matcher.find()) {
      String path = places.cookiePath(matcher.group(2));
      if (path != null) {
        String client = prefix + path;
        out = out == null ? new StringBuilder(cookie.length() + client.length()) : out;
        matcher.appendReplacement(out, Matcher.quoteReplacement(matcher.group(1) + client));
      }
    }
    return out == null ? cookie : matcher.appendTail(out).toString();
  }
}

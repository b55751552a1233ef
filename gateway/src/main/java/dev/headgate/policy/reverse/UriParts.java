package dev.headgate.policy.reverse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a URI reference, byte for byte (RFC 3986 section 4.1). Not {@link java.net.URI},
 * which refuses much of what services send and browsers follow.
 *
 * @param scheme without the colon, or null
 * @param authority without the slashes, or null
 * @param tail query and fragment with what leads them in; empty where there is neither
 */
record UriParts(@Nullable String scheme, @Nullable String authority, String path, String tail) {
  /** Appendix B; query and fragment in one. Linear: no two of its parts fit one character. */
  private static final Pattern REFERENCE =
      Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(.*)");

  /** Null for what is no reference: it has a line break, or a backslash, which browsers turn. */
  static @Nullable UriParts of(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    return text.indexOf('\\') >= 0 || !matcher.matches()
        ? null
        : new UriParts(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4));
  }

  /**
   * The path as an absolute one, without dot segments (sections 5.2.3 and 5.2.4).
   *
   * @param base an absolute path
   */
  static String resolve(String base, String path) {
    if (path.isEmpty()) {
      return base;
    }
    String merged =
        path.startsWith("/") ? path : base.substring(0, base.lastIndexOf('/') + 1) + path;
    return merged.indexOf("/.") < 0 ? merged : withoutDots(merged);
  }

  private static String withoutDots(String path) {
    StringBuilder out = new StringBuilder(path.length());
    int at = 0;
    while (at < path.length()) {
      int end = path.indexOf('/', at + 1);
      int to = end < 0 ? path.length() : end;
      String segment = path.substring(at, to);
      boolean last = end < 0;
      if (segment.equals("/.") || segment.equals("/..")) {
        if (segment.equals("/..")) {
          out.setLength(Math.max(0, out.lastIndexOf("/")));
        }
        out.append(last ? "/" : "");
      } else {
        out.append(segment);
      }
      at = to;
    }
    return out.toString();
  }
}

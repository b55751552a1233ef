package dev.headgate.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@link PathPattern}s and the templates of {@link PathRewrite}, which may repeat a variable
 * but know no {@code *}.
 */
final class PathPatternParser {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  /** What RFC 3986 section 3.3 lets stand in a segment unencoded, besides letters and digits. */
  private static final String PCHAR_MARKS = "-._~!$&'()*+,;=:@";

  private final String text;
  private final boolean template;
  private final List<Segment> segments = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  PathPatternParser(String text, boolean template) {
    this.text = text;
    this.template = template;
  }

  PathPattern parse() {
    if (!text.startsWith("/")) {
      throw Refusal.of(text, "a path that starts with '/'");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '?' || c == '#') {
        throw Refusal.of(
            text,
            "a path only, no query and no fragment; %3F and %23 are the characters themselves");
      }
    }
    for (int at = 0; at < text.length(); ) {
      int end = RawPath.segmentEnd(text, at + 1);
      String segment = text.substring(at + 1, end);
      boolean last = end == text.length();
      if (segment.equals("**")) {
        if (!last) {
          throw Refusal.of(text, "'**' as the last segment only");
        }
        return new PathPattern(text, segments, true);
      }
      if (segment.isEmpty() && !last) {
        throw Refusal.of(text, "no empty segment before the last");
      }
      if (segments.size() == PathPattern.MAX_SEGMENTS) {
        throw Refusal.of(text, "at most " + PathPattern.MAX_SEGMENTS + " segments");
      }
      segments.add(segment(segment));
      at = end;
    }
    return new PathPattern(text, segments, false);
  }

  private Segment segment(String segment) {
    if (segment.equals("*")) {
      if (template) {
        throw Refusal.of(segment, "literal text, {variable}, or '**' as the last segment");
      }
      return new Segment.Any();
    }
    if (segment.startsWith("{") && segment.endsWith("}")) {
      return variable(segment.substring(1, segment.length() - 1));
    }
    return literal(segment);
  }

  private Segment variable(String name) {
    if (!NAME.matcher(name).matches()) {
      throw Refusal.of(
          "{" + name + "}",
          "a variable's name of letters, digits, '_' and '-', not starting with a digit or '-'");
    }
    if (!names.add(name) && !template) {
      throw Refusal.of(text, "{" + name + "} only once");
    }
    return new Segment.Variable(name);
  }

  private Segment literal(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '{' || c == '}') {
        throw Refusal.of(
            segment, "{variable} as a whole segment; %7B and %7D are the braces themselves");
      }
      if (c == '*') {
        throw Refusal.of(segment, "'*' or '**' as a whole segment; %2A is the asterisk itself");
      }
      if (c == '%' && PercentText.octet(segment, i, segment.length()) < 0) {
        throw Refusal.of(segment, "two hex digits after '%'; %25 is the percent sign itself");
      }
    }
    String canonical = PercentText.canonicalOfEncoded(segment);
    if (canonical.equals(".") || canonical.equals("..")) {
      throw Refusal.of(text, "no dot segments");
    }
    for (int i = 0; i < canonical.length(); i++) {
      char c = canonical.charAt(i);
      if (c < 0x20 || c == 0x7F || c == '\\') {
        throw Refusal.of(segment, "no control characters and no backslash, encoded or not");
      }
    }
    return new Segment.Literal(canonical, raw(PercentText.canonical(segment)));
  }

  /**
   * As it may stand in a request target: what is encoded stays, what may not stand there is
   * encoded.
   */
  private static String raw(String bytes) {
    StringBuilder out = new StringBuilder(bytes.length());
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (Ascii.isLetterOrDigit(c) || c == '%' || PCHAR_MARKS.indexOf(c) >= 0) {
        out.append(c);
      } else {
        PercentText.appendEncoded(out, c);
      }
    }
    return out.toString();
  }
}

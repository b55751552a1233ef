package dev.headgate.route;

import org.jspecify.annotations.Nullable;

/**
 * Judges raw request paths. What is refused here is what two servers read differently: a path that
 * means one thing to the index and another to an upstream is a way around the routes. Refusing
 * beats normalising, as a normalised path is not what the client sent.
 */
public final class RequestPath {
  private RequestPath() {}

  /**
   * Why a request with this path must be answered 400, or null where the path is sound. Allocates
   * nothing.
   *
   * <p>Refused are: a path that does not start with a slash; dot segments, encoded or not (RFC 3986
   * section 6.2.2.3), also before path parameters, as servlet containers fold {@code /..;x/};
   * backslashes and NUL, encoded or not; a {@code %} without two hex digits (section 2.1); raw
   * control characters, spaces, {@code #} and anything that is not ASCII (RFC 9112 section 3.2).
   */
  public static @Nullable String problem(String rawPath) {
    if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
      return "the path does not start with '/'";
    }
    int length = rawPath.length();
    // The dots a segment consists of so far; beyond 2 it cannot be a dot segment any more.
    int dots = 0;
    for (int i = 1; i < length; i++) {
      char raw = rawPath.charAt(i);
      int c = raw;
      if (raw == '%') {
        c = PercentText.octet(rawPath, i, length);
        i += 2;
      }
      String problem = c < 0 ? "the path holds a '%' without two hex digits" : problem(raw, c);
      if (problem != null) {
        return problem;
      }
      if (raw == '/' || c == ';') {
        if (dots == 1 || dots == 2) {
          return DOTS;
        }
        dots = raw == '/' ? 0 : NO_DOTS;
      } else {
        dots = c == '.' ? Math.min(dots + 1, NO_DOTS) : NO_DOTS;
      }
    }
    return dots == 1 || dots == 2 ? DOTS : null;
  }

  private static final int NO_DOTS = 3;
  private static final String DOTS = "the path holds a dot segment";

  private static @Nullable String problem(char raw, int decoded) {
    if (decoded == '\\') {
      return "the path holds a backslash";
    }
    if (decoded == 0) {
      return "the path holds a NUL";
    }
    if (raw <= ' ' || raw == 0x7F) {
      return "the path holds a control character or a space";
    }
    if (raw >= 0x80) {
      return "the path holds a character that is not ASCII";
    }
    return raw == '#' ? "the path holds a '#'" : null;
  }
}

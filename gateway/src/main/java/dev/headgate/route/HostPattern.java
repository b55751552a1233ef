package dev.headgate.route;

import org.jspecify.annotations.Nullable;

/**
 * A host a route answers for: exact, or {@code *.example.com} for one or more labels before the
 * suffix. Case-insensitive; a port and one trailing dot are ignored (RFC 9110 section 4.2.3). An
 * IPv6 literal is compared as it is written, brackets included.
 */
public final class HostPattern {
  private static final int MAX_LABEL = 63;
  private static final int MAX_NAME = 253;

  private final String name;
  private final boolean wildcard;

  private HostPattern(String name, boolean wildcard) {
    this.name = name;
    this.wildcard = wildcard;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if the text is none, saying what was found and what was
   *     expected
   */
  public static HostPattern parse(String text) {
    if (text.equals("*")) {
      throw Refusal.of(text, "a host or *.suffix; a route without hosts answers for every host");
    }
    boolean wildcard = text.startsWith("*.");
    String host = wildcard ? text.substring(2) : text;
    if (!wildcard && host.startsWith("[")) {
      checkIpv6(text);
      return new HostPattern(Ascii.lowerCase(host), false);
    }
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    checkName(text, host);
    return new HostPattern(Ascii.lowerCase(host), wildcard);
  }

  /**
   * The host of a {@code Host} field or {@code :authority}: lower case, without port and trailing
   * dot. Does not judge whether it is a host at all. Gives back the same object where nothing is to
   * be changed.
   */
  public static String normalize(String hostHeader) {
    int end = hostHeader.length();
    int close = hostHeader.startsWith("[") ? hostHeader.indexOf(']') : -1;
    if (close >= 0) {
      end = close + 1;
    } else {
      int colon = hostHeader.indexOf(':');
      end = colon >= 0 ? colon : end;
      end = end > 0 && hostHeader.charAt(end - 1) == '.' ? end - 1 : end;
    }
    return Ascii.lowerCase(end == hostHeader.length() ? hostHeader : hostHeader.substring(0, end));
  }

  /** Whether a normalised host is one of these. */
  public boolean matches(String normalizedHost) {
    if (!wildcard) {
      return normalizedHost.equals(name);
    }
    int dot = normalizedHost.length() - name.length() - 1;
    return dot > 0 && normalizedHost.charAt(dot) == '.' && normalizedHost.endsWith(name);
  }

  boolean isWildcard() {
    return wildcard;
  }

  /** The exact host, or what follows {@code *.}. */
  String name() {
    return name;
  }

  private static void checkName(String text, String host) {
    if (host.isEmpty() || host.length() > MAX_NAME) {
      throw Refusal.of(text, "a host of 1 to " + MAX_NAME + " characters");
    }
    int label = 0;
    for (int i = 0; i <= host.length(); i++) {
      char c = i == host.length() ? '.' : host.charAt(i);
      if (c == '.') {
        if (i - label < 1 || i - label > MAX_LABEL) {
          throw Refusal.of(text, "labels of 1 to " + MAX_LABEL + " characters between dots");
        }
        label = i + 1;
      } else if (c == '*') {
        throw Refusal.of(text, "'*' only as the whole first label, as in *.example.com");
      } else if (c == ':') {
        throw Refusal.of(text, "no port, and IPv6 addresses in brackets");
      } else if (c >= 0x80) {
        throw Refusal.of(text, "ASCII; an international name in its xn-- form");
      } else if (!Ascii.isLetterOrDigit(c) && c != '-' && c != '_') {
        throw Refusal.of(text, "letters, digits, '-', '_' and dots");
      }
    }
  }

  private static void checkIpv6(String text) {
    boolean closed = text.indexOf(']') == text.length() - 1;
    boolean colon = text.indexOf(':') >= 0;
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      closed &= Ascii.hexDigit(c) >= 0 || c == ':' || c == '.';
    }
    if (!closed || !colon) {
      throw Refusal.of(text, "an IPv6 address in brackets without a port, as in [::1]");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HostPattern pattern
        && pattern.wildcard == wildcard
        && pattern.name.equals(name);
  }

  @Override
  public int hashCode() {
    return wildcard ? ~name.hashCode() : name.hashCode();
  }

  @Override
  public String toString() {
    return wildcard ? "*." + name : name;
  }
}

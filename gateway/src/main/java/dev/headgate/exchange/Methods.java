package dev.headgate.exchange;

import java.util.Set;

/** What the names of methods promise. Methods are case-sensitive (RFC 9110 section 9.1). */
public final class Methods {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private Methods() {}

  /** Whether nothing changes by asking (RFC 9110 section 9.2.1). */
  public static boolean isSafe(String method) {
    return SAFE.contains(method);
  }

  /** Whether asking twice has the effect of asking once (RFC 9110 section 9.2.2). */
  public static boolean isIdempotent(String method) {
    return isSafe(method) || method.equals("PUT") || method.equals("DELETE");
  }
}

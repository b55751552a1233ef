package dev.headgate.edge;

import org.jspecify.annotations.Nullable;

/** Reads {@code traceparent} (W3C Trace Context level 2, section 3.2). Pure. */
final class TraceParent {
  private static final int TRACE_ID_END = 35;
  private static final int LENGTH = 55;
  private static final String NO_TRACE = "0".repeat(32);

  private TraceParent() {}

  /** The trace id, 32 lower-case hexadecimal digits, or null where the field is not valid. */
  static @Nullable String traceId(@Nullable String field) {
    if (field == null || field.length() < LENGTH || field.startsWith("ff")) {
      return null;
    }
    boolean longer = field.length() > LENGTH;
    if (longer && (field.startsWith("00") || field.charAt(LENGTH) != '-')) {
      return null;
    }
    for (int i = 0; i < LENGTH; i++) {
      boolean dash = i == 2 || i == TRACE_ID_END || i == 52;
      char c = field.charAt(i);
      if (dash ? c != '-' : !isLowerHex(c)) {
        return null;
      }
    }
    String id = field.substring(3, TRACE_ID_END);
    return id.equals(NO_TRACE) ? null : id;
  }

  private static boolean isLowerHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}

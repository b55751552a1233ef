package dev.headgate.telemetry.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code traceparent} (W3C Trace Context level 2, section 3.2). Pure. */
final class TraceParent {
  static final int SAMPLED = 1;
  static final int RANDOM = 2;

  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;
  private static final int LENGTH = 55;
  private static final int TRACE_ID_DIGITS = 32;
  private static final int PARENT_ID_DIGITS = 16;
  private static final int RADIX = 16;

  private TraceParent() {}

  /** Reads the field's lines; null where there is not one, and valid (section 4.3). */
  static @Nullable Remote read(List<String> lines) {
    if (lines.size() != 1) {
      return null;
    }
    String field = lines.get(0).strip();
    if (!hasForm(field)) {
      return null;
    }
    String traceId = field.substring(TRACE_ID, TRACE_ID + TRACE_ID_DIGITS);
    String parentId = field.substring(PARENT_ID, PARENT_ID + PARENT_ID_DIGITS);
    if (!HexText.isId(traceId, TRACE_ID_DIGITS) || !HexText.isId(parentId, PARENT_ID_DIGITS)) {
      return null;
    }
    int flags = Integer.parseInt(field.substring(FLAGS, LENGTH), RADIX);
    // Of a version that is not known yet only this bit has a meaning that is.
    boolean random = field.startsWith("00") && (flags & RANDOM) != 0;
    return new Remote(traceId, parentId, (flags & SAMPLED) != 0, random, null);
  }

  private static boolean hasForm(String field) {
    if (field.length() < LENGTH || field.startsWith("ff")) {
      return false;
    }
    boolean longer = field.length() > LENGTH;
    if (longer && (field.startsWith("00") || field.charAt(LENGTH) != '-')) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      boolean dash = i == TRACE_ID - 1 || i == PARENT_ID - 1 || i == FLAGS - 1;
      char c = field.charAt(i);
      if (dash ? c != '-' : !HexText.isLowerHex(c)) {
        return false;
      }
    }
    return true;
  }

  /** Writes the field, in version 00; flags that have no meaning are zero (section 3.2.2.5). */
  static String write(String traceId, long spanId, boolean sampled, boolean random) {
    StringBuilder field = new StringBuilder(LENGTH).append("00-").append(traceId).append('-');
    HexText.append(field, spanId);
    int flags = (sampled ? SAMPLED : 0) | (random ? RANDOM : 0);
    return field.append("-0").append(flags).toString();
  }
}

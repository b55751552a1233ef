package dev.headgate.telemetry.trace;

import org.jspecify.annotations.Nullable;

/**
 * What a caller said of the trace that its request is part of.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all of them zero
 * @param spanId of the caller, 16 lower-case hexadecimal digits, not all of them zero
 * @param sampled whether the caller keeps its part; null where it leaves that to others
 * @param random whether the trace id's last 56 bits are random (W3C Trace Context level 2, section
 *     3.2.2.5.2)
 * @param state the other systems' entries, valid and in order; null for none
 */
record Remote(
    String traceId,
    String spanId,
    @Nullable Boolean sampled,
    boolean random,
    @Nullable String state) {

  Remote withState(@Nullable String entries) {
    return new Remote(traceId, spanId, sampled, random, entries);
  }
}

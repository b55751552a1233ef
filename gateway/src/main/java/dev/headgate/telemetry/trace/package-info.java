/** The traces that exchanges are part of: read from callers, told to services, sent as spans. */
@NullMarked
package dev.headgate.telemetry.trace;

import org.jspecify.annotations.NullMarked;

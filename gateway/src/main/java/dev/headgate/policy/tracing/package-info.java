/** Every request's part in a trace. */
@NullMarked
package dev.headgate.policy.tracing;

import org.jspecify.annotations.NullMarked;

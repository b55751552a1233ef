/** Counts every request, whatever became of it. */
@NullMarked
package dev.headgate.policy.metrics;

import org.jspecify.annotations.NullMarked;

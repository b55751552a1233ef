/** Tries again where that is safe. */
@NullMarked
package dev.headgate.policy.retry;

import org.jspecify.annotations.NullMarked;

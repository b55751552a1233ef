/** Stops asking a service that fails, and begins again with care. */
@NullMarked
package dev.headgate.policy.breaker;

import org.jspecify.annotations.NullMarked;

/** Idempotency keys: one key, one effect. */
@NullMarked
package dev.headgate.policy.idempotency;

import org.jspecify.annotations.NullMarked;

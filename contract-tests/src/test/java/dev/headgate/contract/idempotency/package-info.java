/** Idempotency keys: one key, one effect, whatever fails. */
@NullMarked
package dev.headgate.contract.idempotency;

import org.jspecify.annotations.NullMarked;

/** Compresses answers that the service sent plain. */
@NullMarked
package dev.headgate.policy.compression;

import org.jspecify.annotations.NullMarked;

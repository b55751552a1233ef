/**
 * Redis: one connection, kept up; scripts; a limit for each call. The only code that knows Lettuce.
 */
@NullMarked
package dev.headgate.redis;

import org.jspecify.annotations.NullMarked;

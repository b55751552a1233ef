/** Headgate: a reactive API gateway. */
@NullMarked
package dev.headgate;

import org.jspecify.annotations.NullMarked;

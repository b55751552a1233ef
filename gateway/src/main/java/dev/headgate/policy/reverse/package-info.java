/** Turns what a service says of its own paths into what the client knows them by. */
@NullMarked
package dev.headgate.policy.reverse;

import org.jspecify.annotations.NullMarked;

/** Gives every request an id. */
@NullMarked
package dev.headgate.policy.requestid;

import org.jspecify.annotations.NullMarked;

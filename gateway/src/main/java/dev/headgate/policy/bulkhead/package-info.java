/** How many tries run at an upstream at once, and how many wait. */
@NullMarked
package dev.headgate.policy.bulkhead;

import org.jspecify.annotations.NullMarked;

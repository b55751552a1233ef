/** The total limit of a request, and the limit of one try. */
@NullMarked
package dev.headgate.policy.timeout;

import org.jspecify.annotations.NullMarked;

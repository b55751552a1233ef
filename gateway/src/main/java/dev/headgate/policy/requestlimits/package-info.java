/** How large a request may be. */
@NullMarked
package dev.headgate.policy.requestlimits;

import org.jspecify.annotations.NullMarked;

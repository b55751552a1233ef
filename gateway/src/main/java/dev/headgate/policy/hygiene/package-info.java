/** What answers say for security's sake, and what they do not say. */
@NullMarked
package dev.headgate.policy.hygiene;

import org.jspecify.annotations.NullMarked;

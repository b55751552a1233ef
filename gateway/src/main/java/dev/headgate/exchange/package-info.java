/** The per-request model: what a policy sees of a request, and what it returns. Knows no server. */
@NullMarked
package dev.headgate.exchange;

import org.jspecify.annotations.NullMarked;

/** Which web pages of other origins may call a route (the Fetch standard's CORS protocol). */
@NullMarked
package dev.headgate.policy.cors;

import org.jspecify.annotations.NullMarked;

/** What a route changes in the headers, either way. */
@NullMarked
package dev.headgate.policy.headers;

import org.jspecify.annotations.NullMarked;

/**
 * The response cache: a shared cache by RFC 9111, with stale answers (RFC 5861) and collapsed
 * forwarding. What may be stored, how long it is fresh and what a request gets of it are pure
 * functions ({@link Storing}, {@link Freshness}, {@link Verdict}, {@link Conditions}); {@link
 * CachedRequest} and {@link Fill} do what they say.
 */
@NullMarked
package dev.headgate.policy.cache;

import org.jspecify.annotations.NullMarked;

/**
 * What a route with versions tells: the service, which version is meant; the client, which it got,
 * and for how long there will be one.
 */
@NullMarked
package dev.headgate.policy.version;

import org.jspecify.annotations.NullMarked;

/**
 * Which route answers a request: patterns, precedence, the index and what is wrong with a set of
 * routes. Pure: nothing here knows a server, a configuration format or a clock.
 */
@NullMarked
package dev.headgate.route;

import org.jspecify.annotations.NullMarked;

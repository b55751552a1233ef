/** What the tests share: raw sockets on either side of the gateway, and the watch for leaks. */
@NullMarked
package dev.headgate.testing;

import org.jspecify.annotations.NullMarked;

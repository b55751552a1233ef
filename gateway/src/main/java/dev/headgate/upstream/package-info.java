/** Reaching a service: endpoints, connections, pools and the call itself, on Netty's codecs. */
@NullMarked
package dev.headgate.upstream;

import org.jspecify.annotations.NullMarked;

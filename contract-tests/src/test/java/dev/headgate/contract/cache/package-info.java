/** The response cache: RFC 9111, 5861, 9211 and 9213, one named case for each demand. */
@NullMarked
package dev.headgate.contract.cache;

import org.jspecify.annotations.NullMarked;

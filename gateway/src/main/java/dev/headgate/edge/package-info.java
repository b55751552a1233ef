/**
 * Where requests enter: the handler in the server's pipeline, and the Spring Cloud Gateway filter.
 */
@NullMarked
package dev.headgate.edge;

import org.jspecify.annotations.NullMarked;

/** The only place where the parts are put together. Nobody imports it. */
@NullMarked
package dev.headgate.wiring;

import org.jspecify.annotations.NullMarked;

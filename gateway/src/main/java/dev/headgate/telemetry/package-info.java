/** What the gateway says about itself: the access log's sink and the meter names. */
@NullMarked
package dev.headgate.telemetry;

import org.jspecify.annotations.NullMarked;

/** Measurements by JMH and from outside; never part of the test run. */
@NullMarked
package dev.headgate.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * The sample services of {@code headgate demo}: a shop's users and orders, a slow, a flaky and an
 * echoing service.
 */
@NullMarked
package dev.headgate.samples;

import org.jspecify.annotations.NullMarked;

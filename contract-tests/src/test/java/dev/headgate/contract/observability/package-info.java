/** What the build can tell of {@code observability/} without running anything of it. */
@NullMarked
package dev.headgate.contract.observability;

import org.jspecify.annotations.NullMarked;

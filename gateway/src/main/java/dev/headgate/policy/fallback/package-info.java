/** What the client gets where the service gives nothing useful. */
@NullMarked
package dev.headgate.policy.fallback;

import org.jspecify.annotations.NullMarked;

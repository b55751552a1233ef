/** One line for every request, whatever became of it. */
@NullMarked
package dev.headgate.policy.accesslog;

import org.jspecify.annotations.NullMarked;

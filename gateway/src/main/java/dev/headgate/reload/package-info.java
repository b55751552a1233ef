/** Where routing comes from, and how a new table takes the place of the old one. */
@NullMarked
package dev.headgate.reload;

import org.jspecify.annotations.NullMarked;

/** From files to the active route table: sources, the compiler, the swap, and the last good set. */
@NullMarked
package dev.headgate.reload;

import org.jspecify.annotations.NullMarked;

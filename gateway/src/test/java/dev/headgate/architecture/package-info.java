/** Who may use whom, enforced; {@code violations} holds one deliberate breach of each rule. */
@NullMarked
package dev.headgate.architecture;

import org.jspecify.annotations.NullMarked;

/**
 * The contract, told from outside: every test starts the real process and speaks to it through
 * sockets.
 */
@NullMarked
package dev.headgate.contract.conformance;

import org.jspecify.annotations.NullMarked;

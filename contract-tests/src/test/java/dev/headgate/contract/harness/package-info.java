/**
 * What the black-box tests stand on: the real process, raw sockets on either side of it, exact
 * bytes.
 */
@NullMarked
package dev.headgate.contract.harness;

import org.jspecify.annotations.NullMarked;

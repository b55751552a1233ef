/** The command line: run, check, version. */
@NullMarked
package dev.headgate.cli;

import org.jspecify.annotations.NullMarked;

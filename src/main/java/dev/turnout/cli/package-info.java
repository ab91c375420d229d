/** The command line: the words of {@code turnout}, what each word prints, and its exit code. A word runs without the
 * server's container. */
@NullMarked
package dev.turnout.cli;

import org.jspecify.annotations.NullMarked;

/** Asks name servers where targets are. */
@NullMarked
package dev.turnout.dns;

import org.jspecify.annotations.NullMarked;

/** The program's log: its format, its levels, and what an outage leaves in it. */
@NullMarked
package dev.turnout.log;

import org.jspecify.annotations.NullMarked;

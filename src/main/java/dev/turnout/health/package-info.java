/** The health of targets: probes of all targets all the time, the gate of a switch, and the warm-up. */
@NullMarked
package dev.turnout.health;

import org.jspecify.annotations.NullMarked;

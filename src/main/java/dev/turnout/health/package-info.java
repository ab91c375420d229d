/** The health of targets: probes of all targets all the time, the gate of a switch, and the warm-up. */
package dev.turnout.health;

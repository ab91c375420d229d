/** Whether targets are fit to serve: probes of all of them all the time, and the gate of a switch. */
package dev.turnout.health;

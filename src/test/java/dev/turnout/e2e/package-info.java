/**
 * Turnout as its users run it: the packaged artefact as a process of its own, real sockets on both sides of it, and
 * backends that misbehave on purpose.
 */
package dev.turnout.e2e;

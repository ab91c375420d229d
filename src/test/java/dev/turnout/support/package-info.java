/**
 * What the tests of several packages share: Turnout as a process, backends that misbehave on purpose, raw clients, and
 * conditions to wait for.
 */
package dev.turnout.support;

/**
 * How a service's routing state is changed while it serves: lock, gate, warm-up, persist, publish, drain, receipt.
 *
 * <p>Each step is a class of its own; {@link dev.turnout.switching.Switcher} is the order that they come in,
 * and {@link dev.turnout.switching.Adjuster} and {@link dev.turnout.switching.Pausing} go the same way. Changes run
 * as sequential, blocking code on threads of their own ({@link dev.turnout.switching.Changes}), so that a client that
 * goes away ends nothing.
 */
package dev.turnout.switching;

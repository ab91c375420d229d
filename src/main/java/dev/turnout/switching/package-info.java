/**
 * The change of a service's routing state while the service serves: lock, gate, warm-up, persist, publish, drain, receipt.
 *
 * <p>Each step is a class, and {@link dev.turnout.switching.ChangeSteps} holds the steps. {@link
 * dev.turnout.switching.Switcher}, {@link dev.turnout.switching.Adjuster} and {@link dev.turnout.switching.Pausing} put
 * the steps in order. Changes run as sequential, blocking code on their own threads ({@link
 * dev.turnout.switching.Changes}), so that a client that goes away ends nothing.
 */
@NullMarked
package dev.turnout.switching;

import org.jspecify.annotations.NullMarked;

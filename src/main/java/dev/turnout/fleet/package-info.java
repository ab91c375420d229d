/**
 * A fleet: several Turnouts whose changes are decided together on etcd. The decisions themselves are made by the pure
 * classes of {@code decision}; here are their store, their disk and their threads.
 */
@NullMarked
package dev.turnout.fleet;

import org.jspecify.annotations.NullMarked;

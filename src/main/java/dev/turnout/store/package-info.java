/**
 * The data that outlives the process: the routing state and the journal, in one folder that one process owns.
 *
 * <p>Everything here blocks: never call it on an event loop.
 */
@NullMarked
package dev.turnout.store;

import org.jspecify.annotations.NullMarked;

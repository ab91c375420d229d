/**
 * The admin API: reactive routes, the guard before them, problem details, the event stream and the dashboard.
 *
 * <p>Every call goes through {@link dev.turnout.admin.Door} and {@link dev.turnout.admin.Guard} first. Routes run on event
 * loops, and hand over long work to {@link dev.turnout.switching}.
 */
@NullMarked
package dev.turnout.admin;

import org.jspecify.annotations.NullMarked;

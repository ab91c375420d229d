/**
 * The admin API: reactive routes, the guard before them, problem details, the event stream and the dashboard.
 *
 * <p>Everything under {@code /admin} goes through {@link dev.turnout.admin.Guard} first. Routes run on event loops and
 * hand what takes long to {@link dev.turnout.switching}.
 */
@NullMarked
package dev.turnout.admin;

import org.jspecify.annotations.NullMarked;

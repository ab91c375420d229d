/** The client of the admin API: where the running Turnout is, calls, and its events. */
@NullMarked
package dev.turnout.client;

import org.jspecify.annotations.NullMarked;

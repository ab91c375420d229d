/** What keeps this machine, this configuration, or this application from serving without an interruption: findings,
 * each with what to do. */
@NullMarked
package dev.turnout.doctor;

import org.jspecify.annotations.NullMarked;

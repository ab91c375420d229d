/**
 * What is written of exchanges once they have ended: the access log.
 */
@NullMarked
package dev.turnout.proxy.observe;

import org.jspecify.annotations.NullMarked;

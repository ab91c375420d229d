/**
 * What is written of exchanges once they have ended: the access log.
 */
package dev.turnout.proxy.observe;

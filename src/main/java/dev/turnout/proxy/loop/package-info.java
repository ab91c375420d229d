/**
 * What one event loop has for itself: time-outs, ticks, scratch space, budgets, and the ways to open sockets. It knows
 * nothing of clients, requests or targets.
 */
@NullMarked
package dev.turnout.proxy.loop;

import org.jspecify.annotations.NullMarked;

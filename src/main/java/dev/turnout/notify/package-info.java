/** Tells people outside of what happens: messages to incoming webhooks. */
@NullMarked
package dev.turnout.notify;

import org.jspecify.annotations.NullMarked;

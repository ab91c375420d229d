/**
 * The bodies of messages on their way through: where they end, and where a stream without an end may be ended. No body
 * holds bytes.
 */
@NullMarked
package dev.turnout.proxy.body;

import org.jspecify.annotations.NullMarked;

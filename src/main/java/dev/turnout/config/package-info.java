/** The configuration: the table of keys, their values, and the checks at the start. */
@NullMarked
package dev.turnout.config;

import org.jspecify.annotations.NullMarked;

/** The configuration: one tree, its defaults and the checks at the start. */
@NullMarked
package dev.turnout.config;

import org.jspecify.annotations.NullMarked;

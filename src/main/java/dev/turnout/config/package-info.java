/** The configuration: one tree, its defaults and the checks at the start. */
package dev.turnout.config;

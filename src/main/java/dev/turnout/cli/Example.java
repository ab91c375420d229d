package dev.turnout.cli;

import dev.turnout.text.Phrase;

/**
 * An example of a word in its help.
 *
 * @param command as it is typed
 * @param meaning what the command does
 */
record Example(String command, Phrase meaning) {}

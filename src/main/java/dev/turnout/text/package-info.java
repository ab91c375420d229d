/** What people read, in English and Korean: the language to use, and changes in at most ten lines. Pure. */
@NullMarked
package dev.turnout.text;

import org.jspecify.annotations.NullMarked;

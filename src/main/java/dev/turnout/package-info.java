/** The start and the stop of the whole, and what each part is given. */
@NullMarked
package dev.turnout;

import org.jspecify.annotations.NullMarked;

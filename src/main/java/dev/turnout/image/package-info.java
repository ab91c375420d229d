/** What the builder of the executable runs. Nothing here is part of the program. */
@NullMarked
package dev.turnout.image;

import org.jspecify.annotations.NullMarked;

/** The start and the stop of the whole, and what each part is given. */
package dev.turnout;

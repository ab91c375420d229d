/** Start and stop of the whole, and who is given what. */
package dev.turnout;

/** nginx mode: the include file that says where nginx sends the traffic, and the control of nginx itself. */
@NullMarked
package dev.turnout.nginx;

import org.jspecify.annotations.NullMarked;

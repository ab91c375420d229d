/** nginx mode: the include file that says where nginx sends the traffic, and the control of nginx itself. */
package dev.turnout.nginx;

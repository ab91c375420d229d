/**
 * Where clients come in: the listening sockets, when connections are accepted, and what stands in their pipeline.
 */
package dev.turnout.proxy.listen;

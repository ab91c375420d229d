/**
 * A second, strict reading of HTTP/1.1, written from RFC 9112 and sharing nothing with the product: what it refuses,
 * nobody may send.
 */
package dev.turnout.support.wire;

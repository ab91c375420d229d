/**
 * One request and its response, from the admission to the end. Knows both sides by ports only:
 * {@link dev.turnout.proxy.exchange.ClientStream}, {@link dev.turnout.proxy.exchange.TargetStream},
 * {@link dev.turnout.proxy.exchange.TargetSource} and {@link dev.turnout.proxy.exchange.ExchangeObserver}.
 */
@NullMarked
package dev.turnout.proxy.exchange;

import org.jspecify.annotations.NullMarked;

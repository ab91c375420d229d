package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.ForgedFields;
import dev.turnout.proxy.route.RequestSettings;

/**
 * What holds for the exchanges of all services.
 *
 * @param requestLimit the most requests in flight at a time
 * @param forgedFields which fields of a client its target must not get
 * @param ofNoService what holds for requests that are for no service
 */
public record ExchangeSettings(int requestLimit, ForgedFields forgedFields, RequestSettings ofNoService) {}

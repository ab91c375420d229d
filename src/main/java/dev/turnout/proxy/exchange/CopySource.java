package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.route.TargetState;
import org.jspecify.annotations.Nullable;

/** What copies requests. Event loop only. */
interface CopySource {

    /**
     * Copies a request that has just been sent, if it is its turn.
     *
     * @param at where it was sent to
     * @return null if it is not copied
     */
    @Nullable
    RequestCopy copy(String service, ForwardedRequest request, KnownMethod method, TargetState at, ClientStream client);
}

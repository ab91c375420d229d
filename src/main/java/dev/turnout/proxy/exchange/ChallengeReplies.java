package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.tls.HttpChallenges;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers to challenges of certificate authorities that are pending. A request for another token is an ordinary
 * request: the application may have a client of its own. Any thread.
 */
public final class ChallengeReplies implements HttpChallenges {

    private static final String CAUSE = "acme-challenge";

    private volatile Map<String, LocalReply> byPath = Map.of();

    @Override
    public void offer(String token, String keyAuthorization) {
        replace(pending -> pending.put(path(token), new LocalReply(200, CAUSE, keyAuthorization)));
    }

    @Override
    public void withdraw(String token) {
        replace(pending -> pending.remove(path(token)));
    }

    private static String path(String token) {
        return PATH + "/" + token;
    }

    private synchronized void replace(Consumer<Map<String, LocalReply>> change) {
        Map<String, LocalReply> next = new HashMap<>(byPath);
        change.accept(next);
        byPath = Map.copyOf(next);
    }

    /** Returns the answer to a request for a pending token; null if the request is none. */
    @Nullable
    LocalReply replyTo(RequestHead head) {
        Map<String, LocalReply> pending = byPath;
        return pending.isEmpty() || !head.pathIsWithin(PATH) ? null : find(pending, head);
    }

    private static @Nullable LocalReply find(Map<String, LocalReply> pending, RequestHead head) {
        for (Map.Entry<String, LocalReply> each : pending.entrySet()) {
            if (head.pathIs(each.getKey())) {
                return each.getValue();
            }
        }
        return null;
    }
}

package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.StickyCookie;
import dev.turnout.routing.Target;
import java.nio.ByteBuffer;
import java.util.Optional;

/** How the clients of a service are kept at their targets. Any thread. */
public final class Stickiness {

    private final KeyedHash tags;
    private final StickyCookie cookie;
    private final long drainMillis;

    /**
     * @param secret what only Turnout knows
     * @param service the name of the service
     * @param path where the service's paths begin
     * @param follows the application's session cookie; empty if every client is kept
     * @param drainMillis how long clients may go on to a target that is taken out of rotation. Milliseconds; 0 for not at
     *     all
     */
    public Stickiness(byte[] secret, String service, String path, Optional<String> follows, long drainMillis) {
        tags = new KeyedHash(new KeyedHash(secret).of(service).array());
        ByteBuffer key = tags.of("");
        this.cookie = new StickyCookie(key.getLong(), key.getLong(), path, follows);
        this.drainMillis = drainMillis;
    }

    /** Returns what clients are known by. */
    public StickyCookie cookie() {
        return cookie;
    }

    /** Returns what stands for a target in cookies. To be called when targets change, not for each request. */
    long tag(Target target) {
        return tags.of(target.toString()).getLong();
    }

    long drainMillis() {
        return drainMillis;
    }
}

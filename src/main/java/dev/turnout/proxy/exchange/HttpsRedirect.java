package dev.turnout.proxy.exchange;

import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.HttpsAddress;
import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.RequestHead;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** The answer to a request that came over plain HTTP and has to come over TLS. Any thread. */
public final class HttpsRedirect {

    private static final String CAUSE = "https-redirect";

    /** A client that follows such a redirect comes back over plain HTTP: the proxy in front is not trusted. */
    private static final String LOOP_CAUSE = CAUSE + ": untrusted-proxy";

    private final IntSupplier plainPort;
    private final IntSupplier tlsPort;
    private final LongAdder loops = new LongAdder();

    /**
     * @param plainPort gives the port for plain HTTP that Turnout listens on; 0 if there is none
     * @param tlsPort gives the port for HTTPS that Turnout listens on; 0 if there is none
     */
    public HttpsRedirect(IntSupplier plainPort, IntSupplier tlsPort) {
        this.plainPort = plainPort;
        this.tlsPort = tlsPort;
    }

    /** RFC 9110, section 15.4: after 301 a client may make a GET of any other method, after 308 it may not. */
    LocalReply replyTo(RequestHead head, ClientInfo client) {
        boolean isLoop = HttpsAddress.isSaid(head);
        if (isLoop) {
            loops.increment();
        }
        int status = head.methodIs(KnownMethod.GET) || head.methodIs(KnownMethod.HEAD) ? 301 : 308;
        String location = HttpsAddress.of(head, client, plainPort.getAsInt(), tlsPort.getAsInt());
        return new LocalReply(
                status,
                isLoop ? LOOP_CAUSE : CAUSE,
                "This service is reached by https only.",
                "Location: " + location + "\r\n");
    }

    /** Returns how many requests were redirected although somebody who is not trusted says that they came over TLS. */
    public long loops() {
        return loops.sum();
    }
}

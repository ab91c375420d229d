package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.route.SlotAffinity;

/** The answers that Turnout makes where a target, or the way to it, has failed. */
public final class LocalReplies {

    private static final byte[] HTML = "text/html".getBytes(US_ASCII);

    /** The cause of answers that an operator wants: they are no failures. */
    static final String MAINTENANCE = "maintenance";

    static final LocalReply CONNECT_FAILED =
            new LocalReply(502, "connect-failed", "The application does not accept connections.");
    static final LocalReply CONNECT_TIMEOUT =
            new LocalReply(504, "connect-timeout", "The application did not accept a connection in time.");
    static final LocalReply NOT_HTTP2 = new LocalReply(
            502, "not-http2", "The application does not speak HTTP/2, which turnout.protocol says of it.");
    static final LocalReply TARGET_CLOSED =
            new LocalReply(502, "target-closed", "The application closed the connection without a response.");
    /** For calls only, whose status of HTTP is another one. */
    static final LocalReply TARGET_CANCELLED =
            new LocalReply(499, "target-cancelled", "The application gave the call up, as it does after its deadline.");

    static final LocalReply TARGET_REFUSED =
            new LocalReply(503, "target-refused", "The application refused the request before it looked at it.");
    static final LocalReply BAD_RESPONSE_BODY =
            new LocalReply(502, "bad-response: bad-chunk", "The application sent a broken response.");
    static final LocalReply RESPONSE_TIMEOUT =
            new LocalReply(504, "response-timeout", "The application did not respond in time.");
    static final LocalReply TARGET_BODY_TIMEOUT =
            new LocalReply(504, "target-body-timeout", "The application stopped reading the request.");
    static final LocalReply CLIENT_BODY_TIMEOUT =
            new LocalReply(408, "client-body-timeout", "The body of the request did not arrive in time.");
    public static final LocalReply CLIENT_HEAD_TIMEOUT =
            new LocalReply(408, "client-head-timeout", "The head of the request did not arrive in time.");
    static final LocalReply LENGTH_REQUIRED = new LocalReply(
            411,
            "length-required",
            "The application speaks HTTP/1.0, which has no chunked bodies: send the request with a Content-Length.");
    static final LocalReply BODY_TOO_LARGE = new LocalReply(
            413,
            "body-too-large",
            "The body of the request is larger than turnout.limits.body, or than a rule lets it be.");
    public static final LocalReply TOO_MANY_CONNECTIONS =
            new LocalReply(503, "too-many-connections", "As many clients are connected as turnout.limits.connections.");
    public static final LocalReply PLAIN_ON_TLS_PORT = new LocalReply(
            400, "plain-http", "This port speaks HTTPS: the address has to begin with https:// instead of http://.");
    static final LocalReply ONLY_CHALLENGES = new LocalReply(
            403, "https-only", "This port only answers certificate authorities: ask for https:// instead.");
    static final LocalReply MISDIRECTED = new LocalReply(
            421,
            "misdirected",
            "This host has another certificate than the host that this connection was opened for, or asks clients for"
                    + " another one: open a connection for this host.");
    static final LocalReply NO_DESCRIPTORS =
            new LocalReply(503, "no-descriptors", "The proxy has no file descriptor left for a further connection.");
    static final LocalReply NO_MEMORY = new LocalReply(
            503, "no-memory", "The requests in flight take as much memory for heads as turnout.limits.heads.");
    static final LocalReply NO_BUFFERS =
            new LocalReply(503, "no-memory", "The proxy has no memory left to send the request to its target.");
    public static final LocalReply TOO_MANY_HEADS = new LocalReply(
            503,
            "too-many-heads",
            "Unfinished heads take as much memory as turnout.limits.heads, and this is the oldest.");
    static final LocalReply TOO_MANY_REQUESTS = new LocalReply(
            503,
            "too-many-requests",
            "As many requests are in flight as turnout.limits.requests, or as it leaves to one connection.");
    static final LocalReply TOO_MANY_CALLS = new LocalReply(
            503,
            "too-many-calls",
            "As many calls of the admin API are in flight as half of turnout.admin.connections.");
    static final LocalReply NO_SERVICE = new LocalReply(404, "no-service", "No service is configured for this host.");
    static final LocalReply NO_TARGET = new LocalReply(503, "no-target", "No target of the service is in rotation.");
    static final LocalReply DRAINED = new LocalReply(
            503,
            "drained",
            "This slot was drained, and no new version has been seen there: switch with dry-run=true looks at it.");
    static final LocalReply POLL_ENDED =
            new LocalReply(503, "drained", "The version that this poll waited at was drained.");
    static final LocalReply PAUSED_FULL =
            new LocalReply(503, "paused", "The service is paused, and as many requests wait as may.");
    static final LocalReply PAUSE_TIMEOUT = new LocalReply(
            503, "pause-timeout", "The service is paused, and the request has waited as long as it may.");
    static final LocalReply QUEUE_FULL = new LocalReply(
            503,
            "queue-full",
            "The application has as many connections as turnout.upstream.connections, and as many requests wait as"
                    + " turnout.upstream.queue.");
    static final LocalReply QUEUE_TIMEOUT = new LocalReply(
            503,
            "queue-timeout",
            "The application has as many connections as turnout.upstream.connections, and the request has waited as long"
                    + " as turnout.upstream.queue.timeout.");
    public static final LocalReply DRAIN_TIMEOUT =
            new LocalReply(503, "drain-timeout", "The request was cut: its version of the application was taken away.");
    public static final LocalReply STOPPING =
            new LocalReply(503, "stopping", "The request was cut: the proxy has stopped.");

    private LocalReplies() {}

    /** Returns why a claim has failed whose service is not paused. */
    static LocalReply refusal(SlotAffinity affinity) {
        return affinity.isDrained() ? DRAINED : NO_TARGET;
    }

    /** Returns what happened if the party whose turn it was did not move in time. */
    static LocalReply timeout(Turn turn) {
        return switch (turn) {
            case TARGET_ACCEPTS, TARGET_ANSWERS -> RESPONSE_TIMEOUT;
            case TARGET_TAKES, TARGET_SENDS -> TARGET_BODY_TIMEOUT;
            case CLIENT_SENDS, CLIENT_TAKES, NOBODY -> CLIENT_BODY_TIMEOUT;
        };
    }

    /** Returns the form that a client can read: a page for a browser, a trailer for gRPC, a problem for everybody else. */
    static LocalReply.Form form(RequestHead request) {
        if (request.isCall()) {
            return LocalReply.Form.CALL;
        }
        return request.accepts(HTML) ? LocalReply.Form.PAGE : LocalReply.Form.PROBLEM;
    }
}

package dev.turnout.proxy;

import dev.turnout.proxy.http1.RequestHead;

/** The answers that Turnout makes where a target, or the way to it, has failed. */
final class Answers {

    static final Answer CONNECT_FAILED =
            new Answer(502, "connect-failed", "The application does not accept connections.");
    static final Answer CONNECT_TIMEOUT =
            new Answer(504, "connect-timeout", "The application did not accept a connection in time.");
    static final Answer TARGET_CLOSED =
            new Answer(502, "target-closed", "The application closed the connection without a response.");
    static final Answer BAD_RESPONSE_BODY =
            new Answer(502, "bad-response: bad-chunk", "The application sent a broken response.");
    static final Answer RESPONSE_TIMEOUT =
            new Answer(504, "response-timeout", "The application did not respond in time.");
    static final Answer TARGET_BODY_TIMEOUT =
            new Answer(504, "target-body-timeout", "The application stopped reading the request.");
    static final Answer CLIENT_BODY_TIMEOUT =
            new Answer(408, "client-body-timeout", "The body of the request did not arrive in time.");
    static final Answer CLIENT_HEAD_TIMEOUT =
            new Answer(408, "client-head-timeout", "The head of the request did not arrive in time.");
    static final Answer LENGTH_REQUIRED = new Answer(
            411,
            "length-required",
            "The application speaks HTTP/1.0, which has no chunked bodies: send the request with a Content-Length.");
    static final Answer BODY_TOO_LARGE =
            new Answer(413, "body-too-large", "The body of the request is larger than turnout.limits.body.");
    static final Answer TOO_MANY_CONNECTIONS =
            new Answer(503, "too-many-connections", "As many clients are connected as turnout.limits.connections.");
    static final Answer NO_DESCRIPTORS =
            new Answer(503, "no-descriptors", "The proxy has no file descriptor left for a further connection.");
    static final Answer NO_MEMORY = new Answer(
            503, "no-memory", "The requests in flight take as much memory for heads as turnout.limits.heads.");
    static final Answer TOO_MANY_HEADS = new Answer(
            503,
            "too-many-heads",
            "Unfinished heads take as much memory as turnout.limits.heads, and this is the oldest.");
    static final Answer TOO_MANY_REQUESTS =
            new Answer(503, "too-many-requests", "As many requests are in flight as turnout.limits.requests.");
    static final Answer TOO_MANY_CALLS = new Answer(
            503,
            "too-many-calls",
            "As many calls of the admin API are in flight as half of turnout.admin.connections.");
    static final Answer NO_SERVICE = new Answer(404, "no-service", "No service is configured for this host.");
    static final Answer NO_TARGET = new Answer(503, "no-target", "No target of the service is in rotation.");
    static final Answer DRAINED = new Answer(
            503,
            "drained",
            "This slot was drained, and no new version has been seen there: switch with dry-run=true looks at it.");
    static final Answer POLL_ENDED = new Answer(503, "drained", "The version that this poll waited at was drained.");
    static final Answer PAUSED_FULL =
            new Answer(503, "paused", "The service is paused, and as many requests wait as may.");
    static final Answer PAUSE_TIMEOUT =
            new Answer(503, "pause-timeout", "The service is paused, and the request has waited as long as it may.");
    static final Answer DRAIN_TIMEOUT =
            new Answer(503, "drain-timeout", "The request was cut: its version of the application was taken away.");
    static final Answer STOPPING = new Answer(503, "stopping", "The request was cut: the proxy has stopped.");

    private Answers() {}

    /** The form that a client can read: a page for a browser, a problem for everybody else. */
    static Answer.Form form(RequestHead request) {
        return request.accepts("text/html") ? Answer.Form.PAGE : Answer.Form.PROBLEM;
    }
}

package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.proxy.http1.Rejection;
import dev.turnout.proxy.http1.StrictTransport;
import dev.turnout.text.ErrorPage;
import dev.turnout.text.Language;
import dev.turnout.text.PageFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer that Turnout makes itself, because no target can.
 *
 * @param status the status code
 * @param cause for {@code X-Turnout}, the log and the counters: one word, or {@code word: reason}
 * @param explanation one sentence for a person
 * @param lines field lines beside those of every answer, each with its CRLF; may be empty
 * @param retryAfterSeconds when clients are told to come again, if the status is 503 or 429
 * @param page the page for a browser; null for Turnout's own in English
 */
public record LocalReply(
        int status,
        String cause,
        String explanation,
        String lines,
        int retryAfterSeconds,
        @Nullable String page) {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final int OK = 200;

    private static final int CANCELLED = 1;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    /** What stands between a cause and its reason. */
    private static final String REASON = ": ";

    LocalReply(int status, String cause, String explanation) {
        this(status, cause, explanation, "", 1, null);
    }

    LocalReply(int status, String cause, String explanation, String lines) {
        this(status, cause, explanation, lines, 1, null);
    }

    LocalReply(int status, String cause, String explanation, String lines, int retryAfterSeconds) {
        this(status, cause, explanation, lines, retryAfterSeconds, null);
    }

    /** Returns the same, with the line that has browsers come by HTTPS; as it is if that is null. */
    LocalReply with(@Nullable StrictTransport strictTransport) {
        return strictTransport == null
                ? this
                : new LocalReply(status, cause, explanation, lines + strictTransport.text(), retryAfterSeconds, page);
    }

    /** Returns the same, with a page for a browser. */
    LocalReply withPage(String shown) {
        return new LocalReply(status, cause, explanation, lines, retryAfterSeconds, shown);
    }

    /** Returns what a page may tell of this answer to a request. */
    PageFacts facts(String requestId, String host) {
        int retry = tellsWhenToComeAgain() ? retryAfterSeconds : 0;
        return new PageFacts(status, reason(), cause, explanation, retry, requestId, host);
    }

    /** A request that is not forwarded because it is not HTTP as Turnout reads it. */
    public static LocalReply to(Rejection rejection) {
        return new LocalReply(rejection.status(), rejection.cause(), rejection.explanation());
    }

    /** How the client wants to read it. */
    public enum Form {
        PAGE,
        PROBLEM,
        /** The explanation alone, as plain text. */
        TEXT,
        /** Without content: the reader of a poll would take any for a message. */
        NONE,
        /** The trailer of a gRPC call alone. */
        CALL
    }

    /**
     * Writes the whole response.
     *
     * @param head whether the request was HEAD, whose response has no content
     * @param close whether the connection ends with it
     * @param dateLine the Date field line, with its CRLF
     */
    public ByteBuf write(ByteBufAllocator allocator, Form form, boolean head, boolean close, byte[] dateLine) {
        byte[] content = content(form);
        StringBuilder text = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status(form))
                .append(' ')
                .append(reason(status(form)))
                .append("\r\n")
                .append(fields(form));
        // An HTTP/1.0 client takes silence for close (RFC 9112, section 9.3): `ab -k` waited for the end.
        text.append(close ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
        ByteBuf out = allocator.directBuffer(text.length() + dateLine.length + 2 + content.length);
        out.writeCharSequence(text, UTF_8);
        out.writeBytes(dateLine).writeBytes(CRLF);
        return head ? out : out.writeBytes(content);
    }

    /** Returns the status code in a form: for gRPC a response is no failure of HTTP. */
    public int status(Form form) {
        return form == Form.CALL ? OK : status;
    }

    /** Returns the field lines of the response, each with its CRLF. Those of the connection and Date come beside them. */
    public String fields(Form form) {
        String retry = "Retry-After: " + (form == Form.NONE ? 0 : retryAfterSeconds) + "\r\n";
        return type(form) + "Content-Length: " + length(form) + "\r\nCache-Control: no-store\r\nX-Turnout: " + cause
                + "\r\n" + lines + (tellsWhenToComeAgain() ? retry : "");
    }

    private boolean tellsWhenToComeAgain() {
        return status == 503 || status == 429;
    }

    /** Returns the content of the response. */
    public byte[] content(Form form) {
        return text(form).getBytes(UTF_8);
    }

    /** How long the content is, in bytes. */
    int length(Form form) {
        return content(form).length;
    }

    private String reason() {
        return reason(status);
    }

    private static String reason(int of) {
        return HttpResponseStatus.valueOf(of).reasonPhrase();
    }

    /** Returns the lines of gRPC's status, by the table of gRPC for answers of HTTP. Time-outs have a status of their own. */
    private String callStatus() {
        int code =
                switch (status) {
                    case 401 -> UNAUTHENTICATED;
                    case 403 -> PERMISSION_DENIED;
                    case 404, 501 -> UNIMPLEMENTED;
                    case 408, 504 -> DEADLINE_EXCEEDED;
                    case 499 -> CANCELLED;
                    case 413, 431 -> RESOURCE_EXHAUSTED;
                    case 421, 429, 502, 503 -> UNAVAILABLE;
                    default -> INTERNAL;
                };
        return "Content-Type: application/grpc\r\ngrpc-status: " + code + "\r\ngrpc-message: "
                + CallMessage.encoded(explanation) + "\r\n";
    }

    private String type(Form form) {
        return switch (form) {
            case PAGE -> "Content-Type: text/html; charset=utf-8\r\n";
            case PROBLEM -> "Content-Type: application/problem+json\r\n";
            case TEXT -> "Content-Type: text/plain; charset=utf-8\r\n";
            case NONE -> "";
            case CALL -> callStatus();
        };
    }

    private String text(Form form) {
        return switch (form) {
            case PAGE -> page == null ? ErrorPage.of(facts("", ""), Language.ENGLISH) : page;
            case PROBLEM -> problem().encode();
            case TEXT -> explanation;
            case NONE, CALL -> "";
        };
    }

    /** The type is a URI (RFC 9457, section 3.1.1), so the reason of a cause is a member of its own. */
    private JsonObject problem() {
        int end = cause.indexOf(REASON);
        JsonObject problem = new JsonObject()
                .put("type", "urn:turnout:problem:" + (end < 0 ? cause : cause.substring(0, end)))
                .put("title", reason())
                .put("status", status)
                .put("detail", explanation);
        return end < 0 ? problem : problem.put("reason", cause.substring(end + REASON.length()));
    }
}

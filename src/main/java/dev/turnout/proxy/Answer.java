package dev.turnout.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.proxy.http1.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;

/**
 * An answer that Turnout makes itself, because no target can.
 *
 * @param status the status code
 * @param cause one word, for {@code X-Turnout}, the log and the counters
 * @param explanation one sentence for a person
 */
record Answer(int status, String cause, String explanation) {

    /** A request that is not forwarded because it is not HTTP as Turnout reads it. */
    static Answer to(Rejection rejection) {
        return new Answer(rejection.status(), rejection.cause(), rejection.explanation());
    }

    /** How the client wants to read it. */
    enum Form {
        PAGE,
        PROBLEM
    }

    /**
     * Writes the whole response.
     *
     * @param head whether the request was HEAD, whose response has no content
     * @param close whether the connection ends with it
     */
    ByteBuf write(ByteBufAllocator allocator, Form form, boolean head, boolean close) {
        byte[] content = content(form).getBytes(UTF_8);
        StringBuilder text = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason())
                .append("\r\nContent-Type: ")
                .append(form == Form.PAGE ? "text/html; charset=utf-8" : "application/problem+json")
                .append("\r\nContent-Length: ")
                .append(content.length)
                .append("\r\nCache-Control: no-store\r\nX-Turnout: ")
                .append(cause)
                .append("\r\n");
        if (status == 503) {
            text.append("Retry-After: 1\r\n");
        }
        if (close) {
            text.append("Connection: close\r\n");
        }
        ByteBuf out = allocator.directBuffer(text.length() + content.length + 2);
        out.writeCharSequence(text.append("\r\n"), UTF_8);
        return head ? out : out.writeBytes(content);
    }

    /** How long the content is, in bytes. */
    int length(Form form) {
        return content(form).getBytes(UTF_8).length;
    }

    private String reason() {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    private String content(Form form) {
        if (form == Form.PROBLEM) {
            return new JsonObject()
                    .put("type", "urn:turnout:problem:" + cause)
                    .put("title", reason())
                    .put("status", status)
                    .put("detail", explanation)
                    .encode();
        }
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + status + " " + reason()
                + "</title><h1>" + status + " " + reason() + "</h1><p>" + explanation + "</p><p><small>Turnout: "
                + cause + "</small></p></html>\n";
    }
}

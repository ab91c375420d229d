package dev.turnout.proxy.http2;

import dev.turnout.proxy.http1.FieldLines;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.RequestHead;
import dev.turnout.proxy.http1.ResponseHead;

/**
 * Translates heads of HTTP/1 into header blocks. One per event loop, for all its connections. Not safe for use by more
 * than one thread.
 */
public final class BlockWriter {

    private final HpackWriter hpack = new HpackWriter();
    private final ResponseBlock responses = new ResponseBlock(hpack);
    private final RequestBlock requests = new RequestBlock(hpack);

    /** Begins the first block of a connection: says that none depends on another (RFC 7541, section 4.2). */
    public void first(HeadWriter out) {
        HpackWriter.noDynamicTable(out);
    }

    /**
     * Writes the block of a target's response, interim or final, behind what is there. A 101 becomes the 200 of RFC 8441.
     *
     * @param date the Date field line for a final response that has none, with its CRLF; the same array for a second
     * @param extra whole lines that go with it, each with its CRLF; may be empty
     */
    public void response(ResponseHead head, byte[] date, byte[] extra, HeadWriter out) {
        responses.write(head, date, extra, out);
    }

    /**
     * Writes the block of a response that Turnout makes.
     *
     * @param lines whole lines, each with its CRLF
     * @param date the Date field line, with its CRLF; the same array for a second
     */
    public void reply(int status, byte[] lines, byte[] date, HeadWriter out) {
        ResponseBlock.status(status, out);
        responses.lines(lines, out);
        responses.date(date, out);
    }

    /**
     * Writes the block of a trailer.
     *
     * @return false if nothing is left of it: there is no such block then
     */
    public boolean trailer(FieldLines fields, HeadWriter out) {
        return responses.trailer(fields, out);
    }

    /** Returns true if a request can only go on as an extended CONNECT, which a target has to allow. */
    public static boolean isTunnel(RequestHead head) {
        return RequestBlock.isTunnel(head);
    }

    /**
     * Writes the block of a request to a target.
     *
     * @param head as a rewriter has written it
     * @param secure whether the target is spoken to over TLS
     */
    public void request(RequestHead head, boolean secure, HeadWriter out) {
        requests.write(head, secure, out);
    }
}

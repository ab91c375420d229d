package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.http1.FieldName;
import dev.turnout.proxy.http1.HeadWriter;
import dev.turnout.proxy.http1.Octets;
import java.util.Arrays;

/**
 * Writes the header block of a client's request as an HTTP/1.1 head (RFC 9113, section 8.3.1). An extended CONNECT for
 * a WebSocket (RFC 8441) becomes the Upgrade that stands for it. Not safe for use by more than one thread.
 */
final class RequestFields extends MessageFields {

    private static final byte[] METHOD = ":method".getBytes(ISO_8859_1);
    private static final byte[] SCHEME = ":scheme".getBytes(ISO_8859_1);
    private static final byte[] AUTHORITY = ":authority".getBytes(ISO_8859_1);
    private static final byte[] PATH = ":path".getBytes(ISO_8859_1);
    private static final byte[] PROTOCOL = ":protocol".getBytes(ISO_8859_1);

    private static final byte[] CONNECT = "CONNECT".getBytes(ISO_8859_1);
    private static final byte[] OPTIONS = "OPTIONS".getBytes(ISO_8859_1);
    private static final byte[][] WITH_CONTENT = {
        "POST".getBytes(ISO_8859_1), "PUT".getBytes(ISO_8859_1), "PATCH".getBytes(ISO_8859_1)
    };
    private static final byte[] GET = "GET ".getBytes(ISO_8859_1);
    private static final byte[] HTTP = "http".getBytes(ISO_8859_1);
    private static final byte[] HTTPS = "https".getBytes(ISO_8859_1);
    private static final byte[] WEBSOCKET = "websocket".getBytes(ISO_8859_1);
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(ISO_8859_1);
    private static final byte[] HOST = "host: ".getBytes(ISO_8859_1);
    private static final byte[] COOKIE = "cookie: ".getBytes(ISO_8859_1);
    private static final byte[] CRUMBS = "; ".getBytes(ISO_8859_1);
    private static final byte[] KEY = "sec-websocket-key".getBytes(ISO_8859_1);
    private static final byte[] KEY_LINE = "sec-websocket-key: ".getBytes(ISO_8859_1);

    private final Slice method = new Slice();
    private final Slice scheme = new Slice();
    private final Slice authority = new Slice();
    private final Slice path = new Slice();
    private final Slice protocol = new Slice();
    private final Slice host = new Slice();
    private final HeadWriter pseudoHeaders = new HeadWriter();
    private final HeadWriter cookies = new HeadWriter();
    private boolean isConnect;
    private boolean isTunnel;

    /** A value that was copied: the block's array is only lent. */
    private static final class Slice {

        private int from = -1;
        private int to = -1;

        void clear() {
            from = -1;
            to = -1;
        }

        boolean isPresent() {
            return from >= 0;
        }

        /** Copies the value. Returns false if it has been copied before. */
        boolean set(HeadWriter copies, byte[] values, int valueFrom, int valueTo) {
            if (from >= 0) {
                return false;
            }
            from = copies.length();
            copies.append(values, valueFrom, valueTo);
            to = copies.length();
            return true;
        }

        boolean is(HeadWriter copies, byte[] text) {
            return Arrays.equals(copies.bytes(), Math.max(0, from), Math.max(0, to), text, 0, text.length);
        }
    }

    RequestFields(int limit) {
        super(limit);
    }

    /** Begins a head. */
    void begin(HeadWriter out) {
        clear(out);
        pseudoHeaders.clear();
        cookies.clear();
        method.clear();
        scheme.clear();
        authority.clear();
        path.clear();
        protocol.clear();
        host.clear();
        isConnect = false;
        isTunnel = false;
    }

    @Override
    boolean pseudoHeader(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        // The names differ in their lengths, but for two.
        Slice wanted =
                switch (nameTo - nameFrom) {
                    case 5 -> is(names, nameFrom, nameTo, PATH) ? path : null;
                    case 7 ->
                        is(names, nameFrom, nameTo, METHOD)
                                ? method
                                : is(names, nameFrom, nameTo, SCHEME) ? scheme : null;
                    case 9 -> is(names, nameFrom, nameTo, PROTOCOL) ? protocol : null;
                    case 10 -> is(names, nameFrom, nameTo, AUTHORITY) ? authority : null;
                    default -> null;
                };
        return wanted != null && wanted.set(pseudoHeaders, values, valueFrom, valueTo);
    }

    private static boolean is(byte[] bytes, int from, int to, byte[] text) {
        return Arrays.equals(bytes, from, to, text, 0, text.length);
    }

    @Override
    boolean begin() {
        isConnect = method.is(pseudoHeaders, CONNECT);
        boolean isKnown = protocol.is(pseudoHeaders, WEBSOCKET);
        isTunnel = isConnect && isKnown;
        boolean isPlainConnect = isConnect && !protocol.isPresent();
        if (isPlainConnect) {
            return authority.isPresent() && !scheme.isPresent() && !path.isPresent();
        }
        return isRequestLine() && (isConnect || !protocol.isPresent()) && requestLine();
    }

    private boolean isRequestLine() {
        return FieldRules.isToken(pseudoHeaders.bytes(), method.from, method.to)
                && (scheme.is(pseudoHeaders, HTTP) || scheme.is(pseudoHeaders, HTTPS))
                && isPath()
                && (!authority.isPresent() || isTarget(authority));
    }

    private boolean isPath() {
        if (!path.isPresent() || path.from == path.to || !isTarget(path)) {
            return false;
        }
        byte first = pseudoHeaders.bytes()[path.from];
        return first == '/' || first == '*' && path.to == path.from + 1 && method.is(pseudoHeaders, OPTIONS);
    }

    private boolean isTarget(Slice slice) {
        for (int i = slice.from; i < slice.to; i++) {
            if (!Octets.isTarget(pseudoHeaders.bytes()[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean requestLine() {
        byte[] copies = pseudoHeaders.bytes();
        if (isTunnel) {
            out().append(GET);
        } else {
            out().append(copies, method.from, method.to).octet(' ');
        }
        out().append(copies, path.from, path.to).append(VERSION);
        if (authority.isPresent()) {
            out().append(HOST).append(copies, authority.from, authority.to).append(CRLF);
        }
        return true;
    }

    @Override
    boolean accepts(FieldName name, byte[] values, int from, int to) {
        return switch (name) {
            case HOST -> host.set(pseudoHeaders, values, from, to) && (!authority.isPresent() || isAuthority());
            case CONTENT_LENGTH -> !isConnect && takesLength(values, from, to);
            case TE -> FieldRules.isTrailers(values, from, to);
            case COOKIE -> {
                crumb(values, from, to);
                yield true;
            }
            default -> true;
        };
    }

    private void crumb(byte[] values, int from, int to) {
        if (to > from) {
            cookies.append(cookies.length() == 0 ? COOKIE : CRUMBS).append(values, from, to);
        }
    }

    private boolean isAuthority() {
        if (host.to - host.from != authority.to - authority.from) {
            return false;
        }
        byte[] copies = pseudoHeaders.bytes();
        for (int i = 0; i < host.to - host.from; i++) {
            if (Octets.lower(copies[host.from + i]) != Octets.lower(copies[authority.from + i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    boolean isWritten(FieldName name, byte[] names, int from, int to) {
        return switch (name) {
            case HOST -> !authority.isPresent();
            case COOKIE -> false;
            default -> !isTunnel || !is(names, from, to, KEY);
        };
    }

    /**
     * Ends the head.
     *
     * @param endsStream whether nothing follows
     * @param webSocketKey what a WebSocket's target gets as its key: the 24 characters of RFC 6455, section 4.1
     */
    BlockVerdict end(boolean endsStream, byte[] webSocketKey) {
        BlockVerdict verdict = verdict();
        if (verdict != BlockVerdict.WHOLE) {
            return verdict;
        }
        if (isConnect && !isTunnel) {
            return BlockVerdict.UNSUPPORTED;
        }
        if (endsStream && contentLength() > 0) {
            return BlockVerdict.MALFORMED;
        }
        if (cookies.length() > 0) {
            out().append(cookies.bytes(), 0, cookies.length()).append(CRLF);
        }
        if (isTunnel) {
            out().append(UPGRADE).append(KEY_LINE).append(webSocketKey).append(CRLF);
        } else if (contentLength() < 0) {
            frame(endsStream);
        }
        out().append(CRLF);
        return BlockVerdict.WHOLE;
    }

    /** RFC 9110, section 8.6: a method that may have content says so when there is none. */
    private void frame(boolean endsStream) {
        if (!endsStream) {
            out().append(CHUNKED);
        } else if (hasContentByItsMethod()) {
            out().append(NO_CONTENT);
        }
    }

    private boolean hasContentByItsMethod() {
        for (byte[] name : WITH_CONTENT) {
            if (method.is(pseudoHeaders, name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if the request is for a WebSocket: its data is no body. */
    boolean isTunnel() {
        return isTunnel;
    }
}

package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** The static table of RFC 7541, appendix A: names and values as slices of one array. */
final class StaticTable {

    static final int SIZE = 61;

    /** The index of each field that Turnout writes by itself. */
    static final int AUTHORITY = 1;

    static final int METHOD_GET = 2;
    static final int METHOD_POST = 3;
    static final int PATH = 4;
    static final int SCHEME_HTTP = 6;
    static final int SCHEME_HTTPS = 7;
    static final int STATUS = 8;
    static final int LAST_STATUS = 14;
    static final int AUTHORIZATION = 23;
    static final int CONTENT_LENGTH = 28;
    static final int COOKIE = 32;
    static final int DATE = 33;
    static final int PROXY_AUTHORIZATION = 49;
    static final int SET_COOKIE = 55;

    private static final String TEXT = """
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate
            """;

    private static final byte[] BYTES = TEXT.getBytes(US_ASCII);
    private static final int[] STARTS = new int[SIZE + 1];
    private static final int[] NAME_ENDS = new int[SIZE + 1];
    private static final int[] VALUE_STARTS = new int[SIZE + 1];
    private static final int[] VALUE_ENDS = new int[SIZE + 1];
    private static final int[][] BY_LENGTH;

    static {
        int at = 0;
        int longest = 0;
        for (int index = 1; index <= SIZE; index++) {
            int end = TEXT.indexOf('\n', at);
            int space = TEXT.indexOf(' ', at);
            boolean hasValue = space > 0 && space < end;
            STARTS[index] = at;
            NAME_ENDS[index] = hasValue ? space : end;
            VALUE_STARTS[index] = hasValue ? space + 1 : end;
            VALUE_ENDS[index] = end;
            longest = Math.max(longest, NAME_ENDS[index] - at);
            at = end + 1;
        }
        BY_LENGTH = new int[longest + 1][0];
        for (int index = LAST_STATUS + 1; index <= SIZE; index++) {
            int length = NAME_ENDS[index] - STARTS[index];
            int[] known = BY_LENGTH[length];
            BY_LENGTH[length] = Arrays.copyOf(known, known.length + 1);
            BY_LENGTH[length][known.length] = index;
        }
    }

    private StaticTable() {}

    static byte[] bytes() {
        return BYTES;
    }

    static int nameStart(int index) {
        return STARTS[index];
    }

    static int nameEnd(int index) {
        return NAME_ENDS[index];
    }

    static int valueStart(int index) {
        return VALUE_STARTS[index];
    }

    static int valueEnd(int index) {
        return VALUE_ENDS[index];
    }

    /** Returns the index of a name that is no pseudo-header, given in lower case; 0 if it is not in the table. */
    static int find(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < BY_LENGTH.length) {
            for (int index : BY_LENGTH[length]) {
                if (Arrays.equals(bytes, from, to, BYTES, STARTS[index], STARTS[index] + length)) {
                    return index;
                }
            }
        }
        return 0;
    }
}

package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * The path of a request as an application reads it: decoded once, without parameters ({@code ;x}), empty segments,
 * {@code .} and {@code ..}; a backslash is a slash. Rules are for this path, so that no other spelling gets around them.
 *
 * <p>Applications do not agree on some spellings: {@code ..}, a backslash, and {@code %2F} in a parameter. Such a path is
 * ambiguous. It is reused from request to request. Not safe for use by more than one thread.
 */
public final class PlainPath {

    private byte[] bytes = new byte[256];
    private int length;
    private boolean isAmbiguous;
    private boolean endsWithSlash;

    /** Reads the path of a request, without its query. */
    public PlainPath of(RequestHead head) {
        int end = head.pathStart();
        while (end < head.targetEnd() && head.bytes()[end] != '?') {
            end++;
        }
        if (bytes.length <= end - head.pathStart()) {
            bytes = new byte[2 * (end - head.pathStart() + 1)];
        }
        decode(head.bytes(), head.pathStart(), end);
        resolve();
        return this;
    }

    private void decode(byte[] source, int from, int to) {
        length = 0;
        isAmbiguous = false;
        boolean isParameter = false;
        for (int at = from; at < to; at++) {
            byte b = source[at];
            if (b == '/') {
                isParameter = false;
            } else if (b == ';') {
                isParameter = true;
            } else if (b == '%' && at + 2 < to && Octets.hex(source[at + 1]) >= 0 && Octets.hex(source[at + 2]) >= 0) {
                b = (byte) (Octets.hex(source[at + 1]) << 4 | Octets.hex(source[at + 2]));
                at += 2;
                isAmbiguous |= isParameter && b == '/';
            }
            isAmbiguous |= b == '\\';
            if (!isParameter) {
                bytes[length++] = b == '\\' ? (byte) '/' : b;
            }
        }
    }

    /** RFC 3986, section 5.2.4. What is written never overtakes what is read. */
    private void resolve() {
        endsWithSlash = length > 1 && bytes[length - 1] == '/';
        int out = 0;
        int at = 0;
        while (at < length) {
            int start = bytes[at] == '/' ? at + 1 : at;
            int end = start;
            while (end < length && bytes[end] != '/') {
                end++;
            }
            boolean isLast = end == length;
            int size = end - start;
            if (size == 2 && bytes[start] == '.' && bytes[start + 1] == '.') {
                isAmbiguous = true;
                while (out > 0 && bytes[--out] != '/') {
                    // Back over the segment before.
                }
            } else if (size > 0 && !(size == 1 && bytes[start] == '.')) {
                bytes[out++] = '/';
                System.arraycopy(bytes, start, bytes, out, size);
                out += size;
            }
            at = isLast ? length : end;
        }
        if (out == 0) {
            bytes[out++] = '/';
            endsWithSlash = false;
        }
        length = out;
        if (endsWithSlash) {
            bytes[length] = '/';
        }
    }

    /** Returns true if applications may read the path in more than one way. */
    public boolean isAmbiguous() {
        return isAmbiguous;
    }

    /** Returns true if there is a slash at the end of the path, which {@link #toString} leaves out. */
    public boolean endsWithSlash() {
        return endsWithSlash;
    }

    /** Returns true if the path is one of those that a pattern stands for. A slash at its end may be there or not. */
    boolean fits(TextPattern pattern) {
        if (!pattern.isWhole()) {
            return pattern.begins(bytes, 0, length);
        }
        return pattern.matches(bytes, 0, length) || endsWithSlash && pattern.matches(bytes, 0, length + 1);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, ISO_8859_1);
    }
}

package dev.turnout.proxy.folder;

import dev.turnout.proxy.http1.KnownMethod;
import dev.turnout.proxy.http1.Octets;
import dev.turnout.proxy.http1.PlainPath;
import dev.turnout.proxy.http1.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a request says of the file that it asks for. Any thread.
 *
 * @param path decoded, without empty segments and dots; of the bytes of UTF-8
 * @param endsWithSlash whether the path asks for a folder
 * @param query with its question mark; empty without one
 * @param isHead whether only the head is asked for
 * @param ifMatch the value of If-Match; empty without one, as each of the following
 * @param ifNoneMatch of If-None-Match
 * @param ifModifiedSince of If-Modified-Since
 * @param ifUnmodifiedSince of If-Unmodified-Since
 * @param range of Range; empty for HEAD too
 * @param ifRange of If-Range
 * @param acceptEncoding of Accept-Encoding
 */
public record FileWish(
        String path,
        boolean endsWithSlash,
        String query,
        boolean isHead,
        String ifMatch,
        String ifNoneMatch,
        String ifModifiedSince,
        String ifUnmodifiedSince,
        String range,
        String ifRange,
        String acceptEncoding) {

    private static final Pattern NO = Pattern.compile("q\\s*=\\s*0(\\.0*)?");

    /**
     * Returns what a request says.
     *
     * @param path the path of the request, as rules read it
     */
    public static FileWish of(RequestHead head, PlainPath path) {
        int query = head.pathStart();
        while (query < head.targetEnd() && head.bytes()[query] != '?') {
            query++;
        }
        boolean isHead = head.methodIs(KnownMethod.HEAD);
        return new FileWish(
                path.toString(),
                path.endsWithSlash(),
                new String(head.bytes(), query, head.targetEnd() - query, StandardCharsets.ISO_8859_1),
                isHead,
                value(head, "if-match"),
                value(head, "if-none-match"),
                value(head, "if-modified-since"),
                value(head, "if-unmodified-since"),
                isHead ? "" : value(head, "range"),
                value(head, "if-range"),
                value(head, "accept-encoding").toLowerCase(Locale.ROOT));
    }

    /** Returns the values of all lines of a field, with commas between them (RFC 9110, section 5.3). */
    private static String value(RequestHead head, String lowerCase) {
        byte[] name = lowerCase.getBytes(StandardCharsets.US_ASCII);
        var fields = head.fields();
        String value = "";
        for (int line = 0; line < fields.size(); line++) {
            if (Octets.equalsIgnoreCase(head.bytes(), fields.lineStart(line), fields.nameEnd(line), name)) {
                int start = fields.valueStart(line);
                String one =
                        new String(head.bytes(), start, fields.valueEnd(line) - start, StandardCharsets.ISO_8859_1);
                value = value.isEmpty() ? one : value + ", " + one;
            }
        }
        return value;
    }

    /** Returns true if the client takes a coding (RFC 9110, section 12.5.3). {@code *} is not taken for one. */
    boolean accepts(String coding) {
        for (String part : acceptEncoding.split(",")) {
            // By strip() and not by a regular expression: that of blanks takes quadratic time.
            String[] parameters = part.split(";", -1);
            if (parameters[0].strip().equals(coding)) {
                return parameters.length == 1
                        || !NO.matcher(parameters[1].strip()).matches();
            }
        }
        return false;
    }
}

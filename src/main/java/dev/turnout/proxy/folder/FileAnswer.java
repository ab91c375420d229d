package dev.turnout.proxy.folder;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request for a file: its head, and which bytes follow (RFC 9110, sections 13 and 14). Any thread.
 *
 * @param head of the response
 * @param from the place of the first byte in the file
 * @param length how many bytes follow the head; 0 for none
 */
public record FileAnswer(byte[] head, long from, long length) {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final Pattern RANGE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

    /** Returns the answer to a request for a file that was found. */
    public static FileAnswer of(OpenFile file, FileWish wish) {
        String tag = tag(file);
        Instant modified = file.modified().truncatedTo(ChronoUnit.SECONDS);
        String shared = "ETag: " + tag + "\r\nLast-Modified: " + DATE.format(modified.atZone(ZoneOffset.UTC)) + "\r\n"
                + (file.varies() ? "Vary: Accept-Encoding\r\n" : "");
        if (fails(wish, tag, modified)) {
            return bare("412 Precondition Failed", shared + "Content-Length: 0\r\n");
        }
        if (isKnown(wish, tag, modified)) {
            return bare("304 Not Modified", shared);
        }
        Matcher range = RANGE.matcher(wish.range());
        boolean isPart = range.matches()
                && !(range.group(1).isEmpty() && range.group(2).isEmpty())
                && isSame(wish.ifRange(), tag, modified, file.isSettled());
        return isPart ? part(file, range, shared, wish) : whole(file, shared, wish);
    }

    private static FileAnswer bare(String status, String lines) {
        return new FileAnswer(("HTTP/1.1 " + status + "\r\n" + lines + "\r\n").getBytes(US_ASCII), 0, 0);
    }

    private static FileAnswer whole(OpenFile file, String shared, FileWish wish) {
        return full("200 OK", file, shared, wish, 0, file.size(), "");
    }

    private static FileAnswer full(
            String status, OpenFile file, String shared, FileWish wish, long from, long length, String more) {
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: " + MediaTypes.of(file.name()) + "\r\nContent-Length: "
                + length + "\r\n" + shared
                + (file.coding().isEmpty() ? "" : "Content-Encoding: " + file.coding() + "\r\n")
                + "Accept-Ranges: bytes\r\n" + more + "\r\n";
        return new FileAnswer(head.getBytes(US_ASCII), from, wish.isHead() ? 0 : length);
    }

    /** RFC 9110, sections 14.1.2 and 14.2. Several ranges at a time are not served: such a request gets the whole file. */
    private static FileAnswer part(OpenFile file, Matcher range, String shared, FileWish wish) {
        long size = file.size();
        boolean isEnd = range.group(1).isEmpty();
        long first = isEnd ? Math.max(0, size - Long.parseLong(range.group(2))) : Long.parseLong(range.group(1));
        long last = isEnd || range.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        if (!isEnd && !range.group(2).isEmpty() && Long.parseLong(range.group(2)) < first) {
            return whole(file, shared, wish);
        }
        if (first >= size) {
            return bare(
                    "416 Range Not Satisfiable",
                    shared + "Content-Range: bytes */" + size + "\r\nContent-Length: 0\r\n");
        }
        return full(
                "206 Partial Content",
                file,
                shared,
                wish,
                first,
                last - first + 1,
                "Content-Range: bytes " + first + "-" + last + "/" + size + "\r\n");
    }

    // --- Conditions ------------------------------------------------------------------------------------------------

    /** A file that may change again in the same moment has a weak tag only (RFC 9110, section 8.8.1). */
    private static String tag(OpenFile file) {
        Instant modified = file.modified();
        String coding = file.coding().isEmpty() ? "" : "-" + file.coding();
        return (file.isSettled() ? "" : "W/") + '"' + Long.toHexString(modified.getEpochSecond()) + "-"
                + Integer.toHexString(modified.getNano()) + "-" + Long.toHexString(file.size()) + coding + '"';
    }

    private static boolean fails(FileWish wish, String tag, Instant modified) {
        if (!wish.ifMatch().isEmpty()) {
            return !lists(wish.ifMatch(), tag, true);
        }
        Instant since = date(wish.ifUnmodifiedSince());
        return since != null && modified.isAfter(since);
    }

    private static boolean isKnown(FileWish wish, String tag, Instant modified) {
        if (!wish.ifNoneMatch().isEmpty()) {
            return lists(wish.ifNoneMatch(), tag, false);
        }
        Instant since = date(wish.ifModifiedSince());
        return since != null && !modified.isAfter(since);
    }

    /** RFC 9110, section 13.1.5: only a strong validator may join parts of two answers. */
    private static boolean isSame(String ifRange, String tag, Instant modified, boolean isStrong) {
        if (ifRange.isEmpty()) {
            return true;
        }
        return isStrong && (ifRange.equals(tag) || modified.equals(date(ifRange)));
    }

    /** Returns true if a list has a tag. In a strong comparison weak tags are like no other (RFC 9110, section 8.8.3.2). */
    private static boolean lists(String list, String tag, boolean strongly) {
        if (list.strip().equals("*")) {
            return true;
        }
        if (strongly && tag.startsWith("W/")) {
            return false;
        }
        String opaque = tag.substring(tag.indexOf('"'));
        Matcher each = TAG.matcher(list);
        while (each.find()) {
            if (each.group(2).equals(opaque) && !(strongly && each.group(1) != null)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the time that a date says; null if it is none. */
    private static @Nullable Instant date(String text) {
        try {
            return text.isEmpty()
                    ? null
                    : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}

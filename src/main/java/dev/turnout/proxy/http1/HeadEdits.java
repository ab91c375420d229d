package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/**
 * Changes of the field lines of a head that has been scanned: some names are left out, some lines are added behind the
 * first line of the head. No line that frames or routes the message is among them. Any thread.
 */
public final class HeadEdits {

    private static final int CRLF = 2;

    private final FieldNames removed;
    private final byte[] added;

    /**
     * @param removed names of fields, removed in any spelling that an application may take for them
     * @param added whole lines without their CRLF, of names that no message is framed or routed by
     * @throws IllegalArgumentException if a name or a line could change where the message ends, or where it goes
     */
    public HeadEdits(List<String> removed, List<String> added) {
        removed.forEach(HeadEdits::check);
        added.forEach(line -> {
            check(line.substring(0, Math.max(0, line.indexOf(':'))));
            if (!line.chars().allMatch(c -> c == '\t' || c >= ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("a line has more than visible ASCII");
            }
        });
        this.removed = FieldNames.of(removed);
        StringBuilder lines = new StringBuilder();
        added.forEach(line -> lines.append(line).append("\r\n"));
        this.added = lines.toString().getBytes(US_ASCII);
    }

    private static void check(String name) {
        byte[] bytes = name.getBytes(US_ASCII);
        boolean isToken = bytes.length > 0;
        for (byte b : bytes) {
            isToken &= Octets.isToken(b);
        }
        if (!isToken || FieldName.of(bytes, 0, bytes.length).isTurnouts()) {
            throw new IllegalArgumentException("'" + name + "' is not a field that a rule may change");
        }
    }

    /**
     * Writes a head with the changes.
     *
     * @param from where the first line begins
     * @param to the end of the head, behind its empty line
     */
    public void write(byte[] head, int from, int to, HeadWriter out) {
        int line = next(head, from, to);
        out.clear().append(head, from, line).append(added);
        int kept = line;
        while (line < to - CRLF) {
            int end = next(head, line, to);
            if (isRemoved(head, line, end)) {
                out.append(head, kept, line);
                kept = end;
            }
            line = end;
        }
        out.append(head, kept, to);
    }

    /** Returns where the next line begins: a scanned head has CR before each LF. */
    private static int next(byte[] head, int from, int to) {
        int at = from;
        while (at < to && head[at] != '\n') {
            at++;
        }
        return Math.min(to, at + 1);
    }

    private boolean isRemoved(byte[] head, int from, int to) {
        int colon = from;
        while (colon < to && head[colon] != ':') {
            colon++;
        }
        return removed.contains(head, from, colon);
    }
}

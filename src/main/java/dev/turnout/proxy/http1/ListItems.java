package dev.turnout.proxy.http1;

/** The items of list fields, with commas between them (RFC 9110, section 5.6.1). */
final class ListItems {

    private ListItems() {}

    /** Finds the first item of a list field that is not empty. */
    static void first(RequestHead head, FieldName name, Span found) {
        found.clear();
        FieldLines fields = head.fields();
        if (fields.count(name) == 0) {
            return;
        }
        for (int line = 0; line < fields.size() && found.isEmpty(); line++) {
            if (fields.name(line) == name) {
                int end = fields.valueEnd(line);
                int at = fields.valueStart(line);
                while (at < end && found.isEmpty()) {
                    at = next(head.bytes(), at, end, found);
                }
            }
        }
    }

    /** Finds the item of a list that begins at an offset, and returns where the next one begins. */
    static int next(byte[] bytes, int from, int end, Span found) {
        int comma = from;
        while (comma < end && bytes[comma] != ',') {
            comma++;
        }
        int start = from;
        int last = comma;
        while (start < last && Octets.isBlank(bytes[start])) {
            start++;
        }
        while (last > start && Octets.isBlank(bytes[last - 1])) {
            last--;
        }
        found.set(bytes, start, last);
        return comma + 1;
    }
}

package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The media types of bodies that are sent piece by piece, and that may have no end of their own. */
public enum StreamKind {
    /** Server-sent events (HTML standard, section 9.2): a reader that finds the end asks again. */
    EVENTS("text/event-stream"),
    /** Parts of which each takes the place of the one before: camera pictures. */
    PARTS("multipart/x-mixed-replace"),
    /** One JSON text a line. Exports have this type too, and an end of their own. */
    LINES("application/x-ndjson", "application/ndjson", "application/stream+json", "application/json-seq"),
    /** Messages of gRPC. Most calls end by themselves soon. */
    CALL("application/grpc"),
    /** Any other type. */
    NONE;

    private static final StreamKind[] KINDS = values();

    private final byte[][] types;

    StreamKind(String... types) {
        this.types = new byte[types.length][];
        for (int i = 0; i < types.length; i++) {
            this.types[i] = types[i].getBytes(US_ASCII);
        }
    }

    /** Returns the kind of a Content-Type's value, whose parameters say nothing here. */
    static StreamKind of(byte[] value, int from, int to) {
        int end = from;
        while (end < to && value[end] != ';' && value[end] != ' ' && value[end] != '\t') {
            end++;
        }
        if (isCall(value, from, end)) {
            return CALL;
        }
        for (StreamKind kind : KINDS) {
            for (byte[] type : kind.types) {
                if (Octets.equalsIgnoreCase(value, from, end, type)) {
                    return kind;
                }
            }
        }
        return NONE;
    }

    /** Returns true for a type of gRPC, which may name the format of its messages: {@code application/grpc+proto}. */
    static boolean isCall(byte[] value, int from, int to) {
        byte[] type = CALL.types[0];
        int end = from + type.length;
        return end <= to
                && Octets.equalsIgnoreCase(value, from, end, type)
                && (end == to || value[end] == '+' || value[end] == ';' || value[end] == ' ');
    }
}

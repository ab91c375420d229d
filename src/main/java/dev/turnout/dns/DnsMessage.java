package dev.turnout.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One message of DNS (RFC 1035, section 4). Reading is strict and bounded: a message that breaks off, or whose names point
 * in a circle, is refused as a whole.
 *
 * @param id of the question
 * @param isTruncated whether the answer is to be asked for over TCP
 * @param code what became of the question: 0 for an answer, 3 if there is no such name
 * @param question the name and the type that were asked for, with a blank between them
 * @param answers in their order
 */
record DnsMessage(int id, boolean isTruncated, int code, String question, List<DnsRecord> answers) {

    private static final int INTERNET = 1;
    private static final int RESPONSE = 0x8000;
    private static final int OPERATION = 0x7800;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int CODE = 0xf;
    private static final int SERVER_FAILURE = 2;
    private static final int NOT_IMPLEMENTED = 4;
    private static final int REFUSED = 5;
    private static final int HEADER = 12;
    private static final int MOST_LABEL = 63;
    private static final int MOST_NAME = 255;
    private static final int POINTER = 0xc0;
    private static final int MOST_POINTERS = 64;
    private static final int MOST_RECORDS = 1024;
    private static final long MOST_TTL = Integer.MAX_VALUE;

    DnsMessage {
        answers = List.copyOf(answers);
    }

    /** Returns false if this server can't or does not want to answer (RFC 1035, section 4.1.1): another one may. */
    boolean isAnswer() {
        return code != SERVER_FAILURE && code != NOT_IMPLEMENTED && code != REFUSED;
    }

    /** Returns the bytes of a question. */
    static byte[] question(int id, String name, RecordType type) {
        ByteBuffer out = ByteBuffer.allocate(HEADER + MOST_NAME + 5);
        out.putShort((short) id).putShort((short) RECURSION_DESIRED).putShort((short) 1);
        out.position(HEADER);
        for (String label : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            out.put((byte) bytes.length).put(bytes);
        }
        out.put((byte) 0).putShort((short) type.code()).putShort((short) INTERNET);
        byte[] all = new byte[out.position()];
        out.flip().get(all);
        return all;
    }

    /** Returns the words of a question, as {@link #question} has them in an answer. */
    static String words(String name, RecordType type) {
        return name.toLowerCase(Locale.ROOT) + " " + type.code();
    }

    /**
     * Reads an answer.
     *
     * @throws LookUpFailed if it is none
     */
    static DnsMessage read(byte[] bytes) throws LookUpFailed {
        try {
            return read(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new LookUpFailed("the answer is broken off, or no answer at all");
        }
    }

    private static DnsMessage read(ByteBuffer in) throws LookUpFailed {
        int id = Short.toUnsignedInt(in.getShort());
        int flags = Short.toUnsignedInt(in.getShort());
        int questions = Short.toUnsignedInt(in.getShort());
        int records = Short.toUnsignedInt(in.getShort());
        in.position(HEADER);
        if ((flags & (RESPONSE | OPERATION)) != RESPONSE || questions != 1 || records > MOST_RECORDS) {
            throw new LookUpFailed("the answer is no answer to a question");
        }
        String question = name(in) + " " + Short.toUnsignedInt(in.getShort());
        in.getShort();
        List<DnsRecord> answers = new ArrayList<>();
        boolean isTruncated = (flags & TRUNCATED) != 0;
        for (int i = 0; i < records && !isTruncated; i++) {
            record(in, answers);
        }
        return new DnsMessage(id, isTruncated, flags & CODE, question, answers);
    }

    private static void record(ByteBuffer in, List<DnsRecord> answers) throws LookUpFailed {
        String owner = name(in);
        int type = Short.toUnsignedInt(in.getShort());
        int kind = Short.toUnsignedInt(in.getShort());
        long ttl = Integer.toUnsignedLong(in.getInt());
        int length = Short.toUnsignedInt(in.getShort());
        int end = in.position() + length;
        if (end > in.limit()) {
            throw new BufferUnderflowException();
        }
        if (kind == INTERNET) {
            String text = text(in, type, length);
            if (!text.isEmpty()) {
                // A number with its highest bit stands for zero (RFC 2181, section 8).
                answers.add(new DnsRecord(owner, type, ttl > MOST_TTL ? 0 : ttl, text));
            }
        }
        in.position(end);
    }

    private static String text(ByteBuffer in, int type, int length) throws LookUpFailed {
        if (type == RecordType.A.code() || type == RecordType.AAAA.code()) {
            return address(in, type == RecordType.A.code() ? 4 : 16, length);
        }
        if (type == RecordType.CNAME.code()) {
            return name(in);
        }
        if (type == RecordType.SRV.code()) {
            return Short.toUnsignedInt(in.getShort()) + " " + Short.toUnsignedInt(in.getShort()) + " "
                    + Short.toUnsignedInt(in.getShort()) + " " + name(in);
        }
        return "";
    }

    private static String address(ByteBuffer in, int size, int length) throws LookUpFailed {
        if (length != size) {
            throw new LookUpFailed("the answer has an address of " + length + " bytes");
        }
        byte[] address = new byte[size];
        in.get(address);
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Reads a name; a pointer leads to an earlier place (RFC 1035, section 4.1.4). */
    private static String name(ByteBuffer in) throws LookUpFailed {
        StringBuilder name = new StringBuilder();
        int behind = -1;
        Set<Integer> seen = new HashSet<>();
        int length = Byte.toUnsignedInt(in.get());
        while (length != 0) {
            if ((length & POINTER) == POINTER) {
                int place = (length & ~POINTER) << 8 | Byte.toUnsignedInt(in.get());
                behind = behind < 0 ? in.position() : behind;
                if (!seen.add(place) || seen.size() > MOST_POINTERS) {
                    throw new LookUpFailed("a name of the answer points in a circle");
                }
                in.position(place);
            } else {
                label(in, length, name);
            }
            length = Byte.toUnsignedInt(in.get());
        }
        if (behind >= 0) {
            in.position(behind);
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }

    private static void label(ByteBuffer in, int length, StringBuilder name) throws LookUpFailed {
        byte[] label = new byte[length];
        if (length > MOST_LABEL || name.length() + length > MOST_NAME) {
            throw new LookUpFailed("a name of the answer is too long");
        }
        in.get(label);
        name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
    }
}

package dev.turnout.support.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Reads the frames that a server sends, strictly by RFC 6455, section 5. For one thread. */
public final class WebSocketFrameReader {

    private static final Set<Integer> OPCODES =
            Set.of(Frame.CONTINUATION, Frame.TEXT, Frame.BINARY, Frame.CLOSE, Frame.PING, Frame.PONG);
    private static final int LONGEST = 64 * 1024 * 1024;

    private final InputStream in;
    private boolean inMessage;

    public WebSocketFrameReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads the next frame.
     *
     * @throws BrokenMessage if a server may not send it
     * @throws CutShort if the stream ends before a whole frame
     */
    public Frame read() throws IOException {
        int first = octet();
        int opcode = first & 0x0f;
        boolean last = (first & 0x80) != 0;
        if ((first & 0x70) != 0 || !OPCODES.contains(opcode)) {
            throw new BrokenMessage("not the first octet of a frame: 0x" + Integer.toHexString(first));
        }
        int second = octet();
        if ((second & 0x80) != 0) {
            throw new BrokenMessage("masked by the server");
        }
        long length = length(second);
        checkSequence(opcode, last, length);
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new CutShort("closed " + (length - payload.length) + " bytes before the end of a frame of " + length);
        }
        return new Frame(last, opcode, payload);
    }

    private void checkSequence(int opcode, boolean last, long length) throws BrokenMessage {
        if (opcode >= Frame.CLOSE) {
            if (!last || length > 125) {
                throw new BrokenMessage("a control frame in pieces, or of " + length + " bytes");
            }
        } else if (opcode == Frame.CONTINUATION != inMessage) {
            throw new BrokenMessage("opcode " + opcode + (inMessage ? " within" : " outside") + " a message");
        } else {
            inMessage = !last;
        }
    }

    private long length(int second) throws IOException {
        if (second < 126) {
            return second;
        }
        int octets = second == 126 ? 2 : 8;
        long length = 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | octet();
        }
        if (length < 126 || octets == 8 && length <= 0xffff || length > LONGEST) {
            throw new BrokenMessage("a length of " + length + " in " + octets + " octets");
        }
        return length;
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new CutShort("closed within a frame, or before one");
        }
        return octet;
    }
}

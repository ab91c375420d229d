package dev.turnout.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** What a client is told whose handshake is given up before an engine has seen it (RFC 8446, section 6.2). */
enum TlsAlert {
    DECODE_ERROR(50),
    INTERNAL_ERROR(80),
    UNRECOGNIZED_NAME(112);

    private static final int ALERT = 21;
    private static final int TLS_1_2 = 0x0303;
    private static final int FATAL = 2;
    private static final int RECORD_BYTES = 7;

    private final int description;

    TlsAlert(int description) {
        this.description = description;
    }

    /** Writes the record. */
    ByteBuf write(ByteBufAllocator allocator) {
        return allocator
                .directBuffer(RECORD_BYTES)
                .writeByte(ALERT)
                .writeShort(TLS_1_2)
                .writeShort(2)
                .writeByte(FATAL)
                .writeByte(description);
    }
}

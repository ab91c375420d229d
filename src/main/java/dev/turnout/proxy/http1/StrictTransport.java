package dev.turnout.proxy.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;

/** The field line that has browsers ask for a host by HTTPS only (RFC 6797, section 6.1). Any thread. */
public final class StrictTransport {

    private final String text;
    private final byte[] line;

    /** @param maxAge for how long browsers keep to it; none to have them forget it (RFC 6797, section 6.1.1) */
    public StrictTransport(Duration maxAge) {
        text = FieldName.STRICT_TRANSPORT_SECURITY + ": max-age=" + maxAge.toSeconds() + "\r\n";
        line = text.getBytes(US_ASCII);
    }

    /** Returns the line, with its CRLF. */
    public String text() {
        return text;
    }

    /** Returns the line, with its CRLF. The array is shared. */
    public byte[] line() {
        return line;
    }
}

package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/** The field {@code grpc-message}, which is percent-encoded (gRPC over HTTP/2, "Responses"). */
final class CallMessage {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private CallMessage() {}

    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }
}

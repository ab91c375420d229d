package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/** Text from outside, as the forms of an answer write it. */
final class ReplyText {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private ReplyText() {}

    /** Returns a text as content of HTML, or as the value of an attribute. */
    static String html(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(character);
            }
        }
        return html.toString();
    }

    /** Returns a text as {@code grpc-message} has it: percent-encoded (gRPC over HTTP/2, "Responses"). */
    static String callMessage(String text) {
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

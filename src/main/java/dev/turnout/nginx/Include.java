package dev.turnout.nginx;

import dev.turnout.config.NginxConfig.Style;
import java.nio.charset.StandardCharsets;

/**
 * The parsed content of an include file: the route, and the same text with another route. All other text is kept byte for
 * byte: spacing, comments, and other directives.
 */
sealed interface Include permits VariableInclude, UpstreamInclude {

    Route route();

    /** Returns the content of the file with another route. */
    byte[] with(Route route);

    /**
     * Reads the content of a file.
     *
     * @throws IncludeRefused if the content does not fit the style, or cannot be parsed; the message has no path
     */
    static Include read(byte[] content, Style style) {
        String text = text(content);
        return style == Style.VARIABLE ? VariableInclude.read(text) : UpstreamInclude.read(text);
    }

    /** Returns the content of a file that Turnout makes itself. */
    static byte[] fresh(Route route, Style style) {
        String template = style == Style.VARIABLE ? VariableInclude.TEMPLATE : UpstreamInclude.TEMPLATE;
        return read(bytes(template), style).with(route);
    }

    /** Returns one character for each byte: comments in any encoding come out as they went in. */
    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** Returns the bytes of a text: the inverse of {@link #text}. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

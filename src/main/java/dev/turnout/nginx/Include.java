package dev.turnout.nginx;

import dev.turnout.config.NginxConfig.Style;
import java.nio.charset.StandardCharsets;

/**
 * The content of an include file, understood: what it routes to, and the same text with another route in it. Whatever
 * else stands in the text (spacing, comments, directives that Turnout has no business with) is kept byte for byte.
 */
sealed interface Include permits VariableInclude, UpstreamInclude {

    Route route();

    /** The content of the file with another route. */
    byte[] with(Route route);

    /**
     * Reads the content of a file.
     *
     * @throws IncludeRefused if it is not what the style calls for, or cannot be understood; the message has no path
     */
    static Include read(byte[] content, Style style) {
        String text = text(content);
        return style == Style.VARIABLE ? VariableInclude.read(text) : UpstreamInclude.read(text);
    }

    /** The content of a file that Turnout makes itself. */
    static byte[] fresh(Route route, Style style) {
        String template = style == Style.VARIABLE ? VariableInclude.TEMPLATE : UpstreamInclude.TEMPLATE;
        return read(bytes(template), style).with(route);
    }

    /** One character per byte: comments in any encoding come out as they went in. */
    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** The inverse of reading. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

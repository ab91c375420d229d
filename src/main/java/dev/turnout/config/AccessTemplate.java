package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of a line of the access log: text, and fields in braces. An immutable value. */
public record AccessTemplate(List<Part> parts) {

    /**
     * Text, and the field behind it.
     *
     * @param field null behind the last text
     */
    public record Part(String text, @Nullable AccessField field) {}

    public AccessTemplate {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a template such as <code>{client} {status}</code>.
     *
     * @throws IllegalArgumentException if a brace has no other one, or a field is not known
     */
    public static AccessTemplate parse(String template) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            require(close > open);
            AccessField field =
                    AccessField.of(template.substring(open + 1, close)).orElseThrow(IllegalArgumentException::new);
            parts.add(new Part(text(template.substring(at, open)), field));
            at = close + 1;
        }
        require(!parts.isEmpty());
        parts.add(new Part(text(template.substring(at)), null));
        return new AccessTemplate(parts);
    }

    private static String text(String text) {
        require(text.chars().allMatch(c -> c == '\t' || c >= ' ' && c < 0x7f && c != '}'));
        return text;
    }

    private static void require(boolean isGood) {
        if (!isGood) {
            throw new IllegalArgumentException();
        }
    }
}

package dev.turnout.config;

import java.util.Optional;

/**
 * What a request gets whose file is not in the folder of a rule.
 *
 * @param target whether a target answers it
 * @param file the path of another file of the folder; empty for none
 */
public record FolderMissing(boolean target, Optional<String> file) {

    /**
     * Reads {@code 404}, {@code target} or a path.
     *
     * @throws IllegalArgumentException if it is nothing of these
     */
    static FolderMissing parse(String text) {
        boolean isPath = text.startsWith("/")
                && text.length() > 1
                && !text.endsWith("/")
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')
                && !text.contains("//")
                && !text.contains("/.");
        if (!isPath && !text.equals("404") && !text.equals("target")) {
            throw new IllegalArgumentException();
        }
        return new FolderMissing(text.equals("target"), isPath ? Optional.of(text) : Optional.empty());
    }
}

package dev.turnout.config;

import java.util.Optional;

/**
 * A key whose value in the files differs from the value in force.
 *
 * @param key the name of the key
 * @param from the text of the value in force; empty if there is none
 * @param to the text of the value in the files; empty if there is none
 * @param needsRestart true if a reload leaves the value in force as it is
 */
public record KeyChange(String key, Optional<String> from, Optional<String> to, boolean needsRestart) {

    private static final String HIDDEN = "(not shown)";

    static KeyChange of(Key<?> key, ConfigTexts running, ConfigTexts file) {
        return new KeyChange(key.name(), shown(key, running), shown(key, file), key.holdsAt() == Key.HoldsAt.START);
    }

    private static Optional<String> shown(Key<?> key, ConfigTexts texts) {
        return texts.text(key).map(text -> key.type().isSecret() ? HIDDEN : text);
    }

    /** Returns what becomes of the value: {@code applied}, or {@code restart}. */
    public String effect() {
        return needsRestart ? "restart" : "applied";
    }

    @Override
    public String toString() {
        return key + ": " + from.orElse("none") + " -> " + to.orElse("none")
                + (needsRestart ? ", needs a restart" : "");
    }
}

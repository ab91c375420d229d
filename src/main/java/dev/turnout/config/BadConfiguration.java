package dev.turnout.config;

import java.util.List;

/** A configuration with errors, which is refused as a whole. */
public final class BadConfiguration extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> errors;

    /** @param errors all of them */
    public BadConfiguration(List<String> errors) {
        super(String.join("\n", errors));
        this.errors = List.copyOf(errors);
    }

    /** Returns all errors. */
    public List<String> errors() {
        return errors;
    }
}

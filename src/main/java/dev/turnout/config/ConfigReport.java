package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What a check of the configuration found, a sentence or two for each thing.
 *
 * @param errors why Turnout can't start; none if it can
 * @param warnings what looks like a slip but may be meant for somebody else
 */
public record ConfigReport(List<String> errors, List<String> warnings) {

    public ConfigReport {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    public boolean isSound() {
        return errors.isEmpty();
    }

    /** This verdict with further warnings. */
    ConfigReport with(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new ConfigReport(errors, all);
    }

    /** All errors, to be shown to the operator. */
    public String message() {
        String count = errors.size() == 1 ? "one error" : errors.size() + " errors";
        return "Turnout does not start: " + count + " in the configuration.\n  - " + String.join("\n  - ", errors);
    }
}

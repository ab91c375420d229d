package dev.turnout.config;

import dev.turnout.text.CheckText;
import dev.turnout.text.Language;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a check of the configuration.
 *
 * @param errors the reasons why Turnout can't start; none if Turnout can start
 * @param warnings what looks like a mistake but may be intended
 */
public record ConfigReport(List<String> errors, List<String> warnings) {

    public ConfigReport {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    public boolean isSound() {
        return errors.isEmpty();
    }

    /** Returns this report with further warnings. */
    ConfigReport with(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new ConfigReport(errors, all);
    }

    /** Returns what this report and another one say. */
    public ConfigReport and(ConfigReport other) {
        List<String> all = new ArrayList<>(errors);
        all.addAll(other.errors);
        return new ConfigReport(all, warnings).with(other.warnings);
    }

    /** Returns all errors as one message to the operator. */
    public String message(Language language) {
        String count = language.of(
                "Turnout does not start: " + (errors.size() == 1 ? "one error" : errors.size() + " errors")
                        + " in the configuration.",
                "Turnout을 시작하지 않습니다. 설정에 오류가 " + errors.size() + "개 있습니다.");
        return count + "\n  - " + String.join("\n  - ", CheckText.of(errors, language));
    }
}

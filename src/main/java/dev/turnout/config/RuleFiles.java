package dev.turnout.config;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** The look at the files that rules name. */
public final class RuleFiles {

    private RuleFiles() {}

    /** Returns what a start would say of the files that the rules of a configuration name. Blocks. */
    public static ConfigReport check(TurnoutConfig config) {
        TreeSet<String> errors = new TreeSet<>();
        TreeSet<String> warnings = new TreeSet<>();
        for (ServiceSettings service : ServiceSettings.of(config)) {
            for (RuleConfig rule : service.rules()) {
                rule.authFile().ifPresent(file -> check(rule, file, errors, warnings));
            }
        }
        return new ConfigReport(List.copyOf(errors), List.copyOf(warnings));
    }

    private static void check(RuleConfig rule, Path file, TreeSet<String> errors, TreeSet<String> warnings) {
        String key = rule.prefix() + RuleConfig.AUTH_FILE.path() + "=" + file + ": ";
        try {
            PasswordFile.read(file).warnings().forEach(warning -> warnings.add(key + warning + "."));
        } catch (PasswordFile.Refused e) {
            errors.add(key + e.why() + ".");
        }
    }
}

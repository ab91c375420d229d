package dev.turnout.config;

import java.nio.file.Files;
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
                rule.folder().ifPresent(folder -> checkFolder(rule, folder, errors, warnings));
            }
        }
        return new ConfigReport(List.copyOf(errors), List.copyOf(warnings));
    }

    private static void checkFolder(RuleConfig rule, Path folder, TreeSet<String> errors, TreeSet<String> warnings) {
        String key = rule.prefix() + RuleConfig.FOLDER.path() + "=" + folder;
        if (!Files.isDirectory(folder)) {
            errors.add(key + ": " + (Files.exists(folder) ? "it is no folder" : "there is no such folder") + ".");
        } else if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            errors.add(key + ": user " + System.getProperty("user.name", "") + " may not read the folder.");
        } else {
            rule.folderMissing()
                    .file()
                    .filter(file -> !Files.isRegularFile(folder.resolve(file.substring(1))))
                    .ifPresent(file -> warnings.add(key + ": " + rule.prefix() + RuleConfig.FOLDER_MISSING.path()
                            + " names a file that is not there."));
        }
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

package dev.turnout.deployment;

import dev.turnout.config.CommandWords;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A version that was deployed, and all that is needed to start the version again.
 *
 * @param id counts up from 1 in each service
 * @param build what was deployed
 * @param by who deployed the version
 * @param at when the version was deployed
 * @param launch how the version is started
 * @param folder the working directory of the version
 */
public record Release(int id, Build build, String by, Instant at, Launch launch, Path folder) {

    static final String AT = "at";

    /** No argument of a program can have this character, as in /proc/PID/cmdline. */
    private static final String END_OF_WORD = "\0";

    private static final String LINE_BREAK = "\n";

    /**
     * What is known of the version itself.
     *
     * @param version as the manifest, the file's name or the operator says
     * @param sha256 of the jar, in hexadecimal; empty without a jar
     * @param commit the git commit
     * @param file the name of the jar that was given; empty without a jar
     */
    public record Build(String version, Optional<String> sha256, Optional<String> commit, Optional<String> file) {

        /** Returns version and commit, for people. */
        public String name() {
            return version + commit.map(text -> " (" + text + ")").orElse("");
        }
    }

    Map<String, String> write() {
        Map<String, String> values = new TreeMap<>();
        values.put("version", build.version());
        build.sha256().ifPresent(sha -> values.put("sha256", sha));
        build.commit().ifPresent(text -> values.put("commit", text));
        build.file().ifPresent(file -> values.put("file", file));
        values.put("by", by);
        values.put(AT, at.toString());
        values.put("folder", folder.toString());
        if (launch instanceof Launch.PlainJava java) {
            values.put("java-opts", written(java.options()));
        } else if (launch instanceof Launch.OwnCommand command) {
            values.put("exec", written(command.words().words()));
        } else if (launch instanceof Launch.SystemdUnit unit) {
            values.put("systemd", unit.name());
        }
        return values;
    }

    /** Reads what {@link #write} wrote; empty if something that is needed is missing. */
    static Optional<Release> read(int id, Properties values) {
        try {
            String version = values.getProperty("version");
            String by = values.getProperty("by");
            String at = values.getProperty(AT);
            String folder = values.getProperty("folder");
            if (version == null || by == null || at == null || folder == null) {
                return Optional.empty();
            }
            Build build = new Build(
                    version,
                    Optional.ofNullable(values.getProperty("sha256")),
                    Optional.ofNullable(values.getProperty("commit")),
                    Optional.ofNullable(values.getProperty("file")));
            return Optional.of(new Release(id, build, by, Instant.parse(at), launch(values), Path.of(folder)));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Launch launch(Properties values) {
        String exec = values.getProperty("exec");
        String unit = values.getProperty("systemd");
        if (exec != null) {
            return new Launch.OwnCommand(new CommandWords(words(exec)));
        }
        return unit != null
                ? new Launch.SystemdUnit(unit)
                : new Launch.PlainJava(words(values.getProperty("java-opts", "")));
    }

    /**
     * Returns words with a line break between two of them, as an earlier Turnout reads them too. Where a word has a line
     * break in it, or is the only one and empty, each word has an end.
     */
    private static String written(List<String> words) {
        String lines = String.join(LINE_BREAK, words);
        boolean isPlain =
                words.isEmpty() || !lines.isEmpty() && words.stream().noneMatch(word -> word.contains(LINE_BREAK));
        return isPlain ? lines : words.stream().map(word -> word + END_OF_WORD).collect(Collectors.joining());
    }

    /** Reads what {@link #written} wrote. */
    private static List<String> words(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        return text.endsWith(END_OF_WORD)
                ? List.of(text.substring(0, text.length() - 1).split(END_OF_WORD, -1))
                : List.of(text.split(LINE_BREAK, -1));
    }
}

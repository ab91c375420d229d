package dev.turnout.deployment;

import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.VisibleText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what is known of a version: from the operator, the manifest, the file's name, and git. Blocks. */
final class BuildFacts {

    private static final Pattern VERSION_IN_NAME = Pattern.compile("-([0-9][A-Za-z0-9._+-]*)\\.jar$");
    private static final int SHORT_CHECKSUM = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private BuildFacts() {}

    /**
     * Returns what is known of a jar.
     *
     * @param given the version that the operator named
     */
    static Release.Build of(Path jar, JarFacts facts, Optional<String> given) throws IOException {
        String checksum = Checksum.of(jar);
        String name = String.valueOf(jar.getFileName());
        Matcher inName = VERSION_IN_NAME.matcher(name);
        String version = given.or(
                        () -> facts.version().map(text -> VisibleText.of(text, SlotRelease.VERSION_CHARACTERS)))
                .or(() -> inName.find() ? Optional.of(inName.group(1)) : Optional.empty())
                .orElseGet(() -> "sha256:" + checksum.substring(0, SHORT_CHECKSUM));
        Optional<String> commit = facts.commit().or(() -> commitOfFolder(jar));
        return new Release.Build(version, Optional.of(checksum), commit, Optional.of(name));
    }

    /** Asks git for the commit of the working tree that the jar was built in. A jar elsewhere has none. */
    private static Optional<String> commitOfFolder(Path jar) {
        Path folder = jar.toAbsolutePath().getParent();
        return folder == null
                ? Optional.empty()
                : ProgramRun.of(
                                PATIENCE,
                                folder,
                                "git",
                                "describe",
                                "--always",
                                "--dirty",
                                "--abbrev=12",
                                "--exclude=*")
                        .filter(ProgramRun::isGood)
                        .map(ProgramRun::firstLine)
                        .filter(line -> !line.isEmpty());
    }
}

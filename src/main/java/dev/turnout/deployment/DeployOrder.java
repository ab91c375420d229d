package dev.turnout.deployment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A version to deploy, and how to start it.
 *
 * @param build what is known of the version
 * @param jar the jar to copy; empty for a command that needs none
 * @param launch how the version is started
 * @param java the program for {@link Launch.PlainJava}; empty for others
 * @param folder the working directory of the version
 * @param kept the release that this order starts again; empty for a new one
 */
record DeployOrder(
        Release.Build build,
        Optional<Path> jar,
        Launch launch,
        Optional<JavaProgram> java,
        Path folder,
        Optional<Release> kept) {

    /**
     * Returns the order of something that runs already and that nobody has deployed from here.
     *
     * @param version as Turnout knows it; may be empty
     */
    static DeployOrder unknown(String version) {
        Release.Build build = new Release.Build(version, Optional.empty(), Optional.empty(), Optional.empty());
        return new DeployOrder(
                build,
                Optional.empty(),
                new Launch.PlainJava(List.of()),
                Optional.empty(),
                Path.of("/"),
                Optional.empty());
    }

    /** Returns file and version, for people. */
    String name() {
        String version = build.version().isEmpty() ? "the version before" : "version " + build.name();
        return build.file().map(file -> file + " (" + build.name() + ")").orElse(version);
    }
}

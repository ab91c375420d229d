package dev.turnout.deployment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes orders of kept releases. Blocks. */
final class OrderOfRelease {

    private OrderOfRelease() {}

    /** Returns the order of a release that runs already. */
    static DeployOrder running(Releases releases, Release release) {
        Optional<Path> jar = release.build().file().map(file -> releases.jar(release.id()));
        return new DeployOrder(
                release.build(), jar, release.launch(), Optional.empty(), release.folder(), Optional.of(release));
    }

    /** Returns the order that starts a release. Fails if its jar or its java can't be used. */
    static DeployOrder of(Releases releases, Release release, Map<String, String> environment) throws DeploymentFailed {
        Optional<Path> jar = release.build().file().map(file -> releases.jar(release.id()));
        Optional<JavaProgram> java = Optional.empty();
        if (release.launch() instanceof Launch.PlainJava && jar.isPresent()) {
            java = Optional.of(JavaProgram.find(environment));
            JarInspection.checkJava(jar.get(), JarInspection.of(jar.get()), java.get());
        }
        Path folder = Files.isDirectory(release.folder()) ? release.folder() : Path.of("/");
        return new DeployOrder(release.build(), jar, release.launch(), java, folder, Optional.of(release));
    }
}

package dev.turnout.deployment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A version as the operator names it.
 *
 * @param jar may be missing for a command that needs none
 * @param launch how to start the version
 * @param version that the operator gives it; empty to look into the jar
 */
public record NewBuild(Optional<Path> jar, Launch launch, Optional<String> version) {

    private static final String UNKNOWN = "unknown";

    /** Looks at the version before anything is done. Fails with a sentence if it can't be started. Blocks. */
    DeployOrder order(Map<String, String> environment) throws DeploymentFailed {
        Path folder = Path.of("").toAbsolutePath();
        if (jar.isEmpty()) {
            Release.Build build =
                    new Release.Build(version.orElse(UNKNOWN), Optional.empty(), Optional.empty(), Optional.empty());
            return new DeployOrder(build, jar, launch, Optional.empty(), folder, Optional.empty());
        }
        Path file = jar.get().toAbsolutePath();
        JarFacts facts = JarInspection.of(file);
        Optional<JavaProgram> java = Optional.empty();
        if (launch instanceof Launch.PlainJava) {
            java = Optional.of(JavaProgram.find(environment));
            JarInspection.checkJava(file, facts, java.get());
        }
        try {
            Release.Build build = BuildFacts.of(file, facts, version);
            return new DeployOrder(build, Optional.of(file), launch, java, folder, Optional.empty());
        } catch (IOException e) {
            throw new DeploymentFailed(
                    DeploymentFailed.USAGE,
                    file + " can't be read: " + e.getMessage(),
                    file + "을(를) 읽을 수 없습니다: " + e.getMessage());
        }
    }
}

package dev.turnout.deployment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The java that starts a jar.
 *
 * @param path the program, or {@code java} for the one on {@code PATH}
 * @param version the number of its release, such as 17
 */
record JavaProgram(String path, int version) {

    private static final Pattern VERSION = Pattern.compile(" version \"(?:1\\.)?([0-9]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Returns the java of {@code JAVA_HOME}, or of {@code PATH}. Blocks, since java is asked for its version. */
    static JavaProgram find(Map<String, String> environment) throws DeploymentFailed {
        String home = environment.getOrDefault("JAVA_HOME", "");
        String path = home.isEmpty() ? "java" : Path.of(home, "bin", "java").toString();
        Optional<ProgramRun> run = ProgramRun.of(PATIENCE, Path.of("/"), path, "-version");
        Matcher version = VERSION.matcher(run.map(ProgramRun::output).orElse(""));
        if (!version.find()) {
            throw home.isEmpty() ? missing() : wrongHome(home, run);
        }
        return new JavaProgram(path, Integer.parseInt(version.group(1)));
    }

    private static DeploymentFailed missing() {
        return new DeploymentFailed(
                DeploymentFailed.USAGE,
                "There is no java on PATH. Install one (apt-get install openjdk-17-jre-headless), or set JAVA_HOME.",
                "PATH에 java가 없습니다. 설치하거나(apt-get install openjdk-17-jre-headless) JAVA_HOME을 지정하세요.");
    }

    private static DeploymentFailed wrongHome(String home, Optional<ProgramRun> run) {
        String said = run.map(ProgramRun::firstLine)
                .filter(line -> !line.isEmpty())
                .map(line -> " (" + line + ")")
                .orElse("");
        return new DeploymentFailed(
                DeploymentFailed.USAGE,
                "JAVA_HOME is " + home + ", but there is no java that runs" + said + ". Correct JAVA_HOME or unset it.",
                "JAVA_HOME(" + home + ")에 실행되는 java가 없습니다" + said + ". JAVA_HOME을 고치거나 해제하세요.");
    }
}

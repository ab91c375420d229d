package dev.turnout.deployment;

import dev.turnout.routing.Target;
import dev.turnout.routing.VisibleText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A replacement by a command of the operator. The command ends when the new version is being started. It gets a session
 * of its own, so that Ctrl-C ends neither the command nor what it starts.
 */
final class CommandReplacement implements Replacement {

    private static final int LAST_LINES = 20;

    private final LocalMachine machine;
    private final Voice voice;
    private final List<String> command;

    CommandReplacement(LocalMachine machine, Voice voice, List<String> command) {
        this.machine = machine;
        this.voice = voice;
        this.command = List.copyOf(command);
    }

    @Override
    public String what() {
        return String.join(" ", command);
    }

    @Override
    public void replace(Target target) throws DeploymentFailed {
        List<String> words = Placeholders.fill(command, target, java.util.Optional.empty(), "");
        voice.say("running " + String.join(" ", words), "실행: " + String.join(" ", words));
        Path log = machine.folder().root().resolve("rolling-" + target.tcp().port() + ".log");
        int code = run(words, target, log);
        if (code != 0) {
            voice.say("the last lines of its output:", "출력의 마지막 줄:");
            lastLines(log).forEach(line -> voice.say("        | " + line, "        | " + line));
            throw new DeploymentFailed(
                    DeploymentFailed.FAILED,
                    "the command has failed for " + target + " (exit code " + code + "); all of its output: " + log,
                    target + "에 대한 명령이 실패했습니다(종료 코드 " + code + "); 전체 출력: " + log);
        }
    }

    private static int run(List<String> words, Target target, Path log) throws DeploymentFailed {
        List<String> command = new ArrayList<>(List.of("setsid", "--wait"));
        command.addAll(words);
        try {
            Files.deleteIfExists(log);
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            ChildEnvironment.clean(builder.environment());
            builder.environment()
                    .put("TURNOUT_PORT", String.valueOf(target.tcp().port()));
            builder.environment().put("TURNOUT_HOST", target.tcp().host());
            builder.environment().put("TURNOUT_TARGET", target.toString());
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new DeploymentFailed(
                    DeploymentFailed.USAGE,
                    "the command can't be run: " + e.getMessage(),
                    "명령을 실행할 수 없습니다: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeploymentFailed(143, "Interrupted.", "중단되었습니다.");
        }
    }

    private static List<String> lastLines(Path log) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()).stream()
                    .map(line -> VisibleText.of(line, VisibleText.SHORT))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void complete(ServiceView view) {}
}

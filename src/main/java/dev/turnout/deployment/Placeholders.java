package dev.turnout.deployment;

import dev.turnout.config.CommandWords;
import dev.turnout.routing.Target;
import java.util.List;
import java.util.Optional;

/**
 * What stands for a target and a version in a command: {@code {port}}, {@code {host}}, {@code {target}}, {@code {jar}}
 * and {@code {version}}.
 */
final class Placeholders {

    static final String JAR = "{jar}";

    private Placeholders() {}

    /** Returns true if a command needs a jar. */
    static boolean namesJar(CommandWords words) {
        return words.words().stream().anyMatch(word -> word.contains(JAR));
    }

    /** Returns the words for a target. A jar that there is not leaves its placeholder as it is. */
    static List<String> fill(List<String> words, Target target, Optional<String> jar, String version) {
        return words.stream()
                .map(word -> word.replace("{port}", String.valueOf(target.tcp().port()))
                        .replace("{host}", target.tcp().host())
                        .replace("{target}", target.toString())
                        .replace("{version}", version)
                        .replace(JAR, jar.orElse(JAR)))
                .toList();
    }
}

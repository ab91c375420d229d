package dev.turnout.support;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Looks for the programs that {@link RequiresProgram} names. */
final class ProgramCondition implements ExecutionCondition {

    private static final List<String> DAEMONS = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = context.getElement().stream()
                .flatMap(
                        element -> AnnotationSupport.findRepeatableAnnotations(element, RequiresProgram.class).stream())
                .filter(required -> !isInstalled(required.value()))
                .map(required -> required.value() + " (Debian's package " + required.debianPackage() + ")")
                .toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("every program is there");
        }
        String sentence = "not installed: " + String.join(", ", missing);
        if ("1".equals(System.getenv("TURNOUT_REQUIRE_ALL"))) {
            throw new AssertionError(sentence);
        }
        return ConditionEvaluationResult.disabled(sentence);
    }

    private static boolean isInstalled(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), DAEMONS.stream())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}

package dev.turnout.support;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/** Holds that each failure from F1 to F24 and from T1 to T28 has a test that runs by default. */
final class GuardsTest {

    private static final Set<String> FAILURES =
            Stream.concat(numbered("F", 24), numbered("T", 28)).collect(Collectors.toCollection(TreeSet::new));

    private static Stream<String> numbered(String letter, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
    }

    private static JavaClasses tests;

    @BeforeAll
    static void read() {
        tests = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                .importPath(Path.of("target", "test-classes"));
    }

    @Test
    void each_failure_is_guarded_by_a_test_that_runs_by_default() {
        Set<String> guarded = methods()
                .filter(method -> isTest(method) && !isLeftOut(method) && !isLeftOut(method.getOwner()))
                .flatMap(method -> Stream.concat(
                        guards(method.tryGetAnnotationOfType(Guards.class).stream()),
                        guards(method.getOwner().tryGetAnnotationOfType(Guards.class).stream())))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(guarded).isEqualTo(FAILURES);
    }

    @Test
    void only_tests_guard() {
        assertThat(methods().filter(method -> method.isAnnotatedWith(Guards.class)))
                .isNotEmpty()
                .allMatch(GuardsTest::isTest);
    }

    @Test
    void no_display_name_begins_with_a_failure() {
        Stream<String> names = Stream.concat(
                        tests.stream().flatMap(type -> type.getAnnotations().stream()),
                        methods().flatMap(method -> method.getAnnotations().stream()))
                .filter(annotation -> annotation.getRawType().getSimpleName().equals("DisplayName"))
                .map(annotation -> (String) annotation.get("value").orElseThrow());

        assertThat(names).isNotEmpty().noneMatch(name -> name.matches("F\\d+.*"));
        assertThat(methods().map(JavaMethod::getName)).noneMatch(name -> name.matches("[fF]\\d+_.*"));
    }

    private static Stream<JavaMethod> methods() {
        return tests.stream().flatMap(type -> type.getMethods().stream());
    }

    private static Stream<String> guards(Stream<Guards> guards) {
        return guards.flatMap(guard -> Stream.of(guard.value()));
    }

    /** Returns true if JUnit or jqwik runs the method: its annotation says that it is testable. */
    private static boolean isTest(JavaMethod method) {
        return method.getAnnotations().stream()
                .map(JavaAnnotation::getRawType)
                .anyMatch(type -> type.isMetaAnnotatedWith(Testable.class));
    }

    private static boolean isLeftOut(CanBeAnnotated element) {
        return element.isAnnotatedWith(Disabled.class)
                || element.isAnnotatedWith(describe("timing", GuardsTest::isTiming));
    }

    private static boolean isTiming(JavaAnnotation<?> annotation) {
        return annotation.getRawType().isEquivalentTo(Tag.class)
                && annotation.get("value").equals(Optional.of("timing"));
    }
}

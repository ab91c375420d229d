package dev.turnout.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs a program of the system. Where it is not installed the test is skipped, with the package's name; with
 * {@code TURNOUT_REQUIRE_ALL=1} in the environment it fails.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(RequiresPrograms.class)
@ExtendWith(ProgramCondition.class)
public @interface RequiresProgram {

    /** Its name, looked for in {@code PATH} and the folders of the system's daemons. */
    String value();

    /** The Debian package that has it. */
    String debianPackage();
}

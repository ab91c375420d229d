package dev.turnout.deployment;

import java.util.List;
import java.util.Optional;

/**
 * What a jar says of itself.
 *
 * @param title {@code Implementation-Title}
 * @param version {@code Implementation-Version}
 * @param commit the git commit, shortened
 * @param mainClasses {@code Main-Class}, then Spring Boot's {@code Start-Class} if there is one
 * @param java the oldest Java that can run the main classes
 */
record JarFacts(
        Optional<String> title, Optional<String> version, Optional<String> commit, List<String> mainClasses, int java) {

    JarFacts {
        mainClasses = List.copyOf(mainClasses);
    }

    /** Returns true if both jars start the same program. */
    boolean isSameApplication(JarFacts other) {
        return mainClasses.equals(other.mainClasses) && title.equals(other.title);
    }
}

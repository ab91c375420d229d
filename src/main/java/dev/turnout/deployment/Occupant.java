package dev.turnout.deployment;

/** Who is at a port of this machine. */
sealed interface Occupant {

    /** Nobody listens, and nothing that was started for the port runs. */
    record Nobody() implements Occupant {}

    /** What a deployment has started for the port. */
    record Ours(Instance instance) implements Occupant {}

    /**
     * The same application, started in another way.
     *
     * @param english the reason for which it is taken for the same application
     */
    record SameProgram(Instance instance, String english, String korean) implements Occupant {}

    /**
     * A process of somebody else.
     *
     * @param name process id and program
     * @param advice what the operator may type
     */
    record Stranger(String name, String koreanName, String advice) implements Occupant {}
}

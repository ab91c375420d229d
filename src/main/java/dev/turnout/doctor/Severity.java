package dev.turnout.doctor;

/** How serious a finding is, the least serious first. */
public enum Severity {
    /** Nothing is wrong. */
    GOOD,
    /** It could not be seen, or it may be intended. */
    ADVICE,
    /** It works, and will not under load or at the next change. */
    WARNING,
    /** It does not work, or requests fail. */
    ERROR
}

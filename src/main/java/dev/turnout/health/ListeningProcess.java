package dev.turnout.health;

import dev.turnout.routing.Target;
import dev.turnout.routing.VisibleText;

/**
 * A process of this machine that listens behind a target.
 *
 * @param target that the process listens on
 * @param pid of the process
 * @param startTicks when the process began, after the start of the machine: another process may get the same pid later
 * @param name of its program, as {@link VisibleText}
 */
record ListeningProcess(Target target, long pid, long startTicks, String name) {

    ListeningProcess {
        name = VisibleText.of(name, VisibleText.SHORT);
    }

    @Override
    public String toString() {
        return "pid " + pid + ", " + name;
    }
}

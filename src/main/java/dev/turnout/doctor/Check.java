package dev.turnout.doctor;

import java.util.List;

/** One thing that the doctor looks at. */
@FunctionalInterface
interface Check {

    /** Returns what is seen, one finding or more; none if the check says nothing about this machine. Blocks. */
    List<Finding> look();
}

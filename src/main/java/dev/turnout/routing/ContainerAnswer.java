package dev.turnout.routing;

import java.util.List;

/** What a container engine says of the containers that are to be targets. */
public sealed interface ContainerAnswer {

    /** The engine has answered. */
    record Found(List<FoundContainer> containers) implements ContainerAnswer {
        public Found {
            containers = List.copyOf(containers);
        }
    }

    /**
     * The engine has not answered, or not so that it can be understood.
     *
     * @param reason a clause that says why
     */
    record Failed(String reason) implements ContainerAnswer {}
}

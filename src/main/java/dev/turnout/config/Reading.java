package dev.turnout.config;

import java.util.List;

/** The outcome of reading the configuration again while Turnout runs. */
public sealed interface Reading {

    /** Returns what looks like a mistake but may be intended. */
    List<String> warnings();

    /** The configuration is sound. */
    record Sound(ConfigChange change, List<String> warnings) implements Reading {
        public Sound {
            warnings = List.copyOf(warnings);
        }
    }

    /** The configuration has errors, all of which are here. */
    record Broken(List<String> errors, List<String> warnings) implements Reading {
        public Broken {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }
}

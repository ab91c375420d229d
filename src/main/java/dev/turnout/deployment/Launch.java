package dev.turnout.deployment;

import dev.turnout.config.CommandWords;
import java.util.List;

/** The way in which a version is started on a port. */
public sealed interface Launch {

    /**
     * {@code java -Dserver.port=PORT -jar PORT.jar}.
     *
     * @param options for java, before all others
     */
    record PlainJava(List<String> options) implements Launch {

        public PlainJava {
            options = List.copyOf(options);
        }
    }

    /**
     * A command that runs until the version ends.
     *
     * @param words with placeholders, see {@link Placeholders}
     */
    record OwnCommand(CommandWords words) implements Launch {}

    /**
     * The systemd unit {@code NAME@PORT}.
     *
     * @param name before the {@code @}
     */
    record SystemdUnit(String name) implements Launch {}
}

package dev.turnout.support.wire;

import java.util.List;
import java.util.Optional;

/** The lines of a header or trailer section, in the order they came in. Names are found in any case of letters. */
public record Fields(List<Field> lines) {

    public static final Fields NONE = new Fields(List.of());

    public Fields {
        lines = List.copyOf(lines);
    }

    /** The values of every line with this name. */
    public List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** The value of the only line with this name; empty if there is none. */
    public Optional<String> only(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new IllegalStateException(name + " stands " + values.size() + " times: " + values);
        }
        return values.stream().findFirst();
    }

    public boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** Whether a comma-separated list, in one line or several, has this element. */
    public boolean lists(String name, String element) {
        return all(name).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .anyMatch(each -> each.strip().equalsIgnoreCase(element));
    }
}

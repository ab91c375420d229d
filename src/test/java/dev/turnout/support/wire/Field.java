package dev.turnout.support.wire;

/**
 * One header or trailer line.
 *
 * @param name as sent
 * @param value without the white space around it
 */
public record Field(String name, String value) {

    @Override
    public String toString() {
        return name + ": " + value;
    }
}

package dev.turnout.cli;

/** How a text stands out on a terminal that has colours. */
enum Style {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** Returns the text between the escape codes of this style. */
    String around(String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}

package dev.turnout.cli;

import java.util.ArrayList;
import java.util.List;

/** A table of texts, whose columns are as wide as they need to be. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a row. Cells may have a {@link Style}. */
    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** Returns the lines, without blanks at their ends. */
    List<String> lines() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], Columns.of(row.get(i)));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(Columns.padded(row.get(i), widths[i])).append("  ");
        }
        return line.toString().stripTrailing();
    }
}

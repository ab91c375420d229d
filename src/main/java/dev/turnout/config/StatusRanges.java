package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of HTTP status codes, written as codes and ranges: {@code 200-299,301}.
 *
 * @param ranges at least one
 */
public record StatusRanges(List<Range> ranges) {

    /** The codes from one code to another, both included, 100 to 999. */
    public record Range(int from, int to) {}

    public StatusRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the text
     */
    public static StatusRanges parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException("'" + part + "' is not a status code or a range of them");
            }
            Range range = new Range(code(ends[0], part), code(ends[ends.length - 1], part));
            if (range.from() > range.to()) {
                throw new IllegalArgumentException("'" + part + "' is a range that ends before it begins");
            }
            ranges.add(range);
        }
        return new StatusRanges(ranges);
    }

    private static int code(String digits, String part) {
        String code = digits.strip();
        if (code.length() != 3 || !code.chars().allMatch(c -> c >= '0' && c <= '9') || code.charAt(0) == '0') {
            throw new IllegalArgumentException("'" + part + "' is not a status code or a range of them");
        }
        return Integer.parseInt(code);
    }

    /** Returns the written form. */
    @Override
    public String toString() {
        return ranges.stream()
                .map(range -> range.from() == range.to() ? "" + range.from() : range.from() + "-" + range.to())
                .collect(Collectors.joining(","));
    }

    /** Returns true if a status code is in one of the ranges. */
    public boolean contains(int status) {
        return ranges.stream().anyMatch(range -> status >= range.from() && status <= range.to());
    }
}

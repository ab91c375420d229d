package dev.turnout.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The search for the known name that a misspelt name stands for. */
public final class Spelling {

    private static final int SHORT = 5;
    private static final int MEDIUM = 11;

    private Spelling() {}

    /** Returns the name of a key's environment variable. */
    static String variable(String key) {
        StringBuilder variable = new StringBuilder(key.length());
        key.codePoints().forEach(letter -> {
            boolean isKept = letter < 0x80 && Character.isLetterOrDigit(letter);
            variable.append(isKept ? (char) Character.toUpperCase(letter) : '_');
        });
        return variable.toString();
    }

    /** Returns the known name that differs from a misspelt name by a few letters only. */
    static Optional<String> nearest(String misspelt, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(misspelt, name) <= tolerance(name))
                .min(Comparator.comparingInt(name -> distance(misspelt, name)));
    }

    /** Returns the known word that differs from a misspelt word by a few letters only. */
    public static Optional<String> nearestWord(String misspelt, Collection<String> known) {
        return known.stream()
                .filter(word -> distance(misspelt, word) <= (word.length() < SHORT ? 1 : 2))
                .min(Comparator.comparingInt(word -> distance(misspelt, word)));
    }

    /** Returns the known keys that end in the same word, as {@code turnout.listen.port} for {@code turnout.port}. */
    static List<String> sameLastWord(String key, Collection<String> known) {
        String end = key.substring(key.lastIndexOf('.'));
        return known.stream().filter(name -> name.endsWith(end)).toList();
    }

    /** Returns how many letters may differ. The prefix that many names share does not count. */
    private static int tolerance(String name) {
        int ownPart = Math.max(name.lastIndexOf('"') + 2, name.lastIndexOf("__") + 2);
        int length = name.length() - Math.max("turnout.".length(), ownPart);
        if (length <= SHORT) {
            return 1;
        }
        return length <= MEDIUM ? 2 : 3;
    }

    /** Returns how many letters have to be added, dropped, replaced or swapped with their neighbour. */
    static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 ? j : j == 0 ? i : step(a, b, i, j, steps);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] steps) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}

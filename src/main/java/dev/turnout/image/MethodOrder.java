package dev.turnout.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The names of the methods that stand first in an executable. Methods that differ in their parameters have one name. */
final class MethodOrder {

    private final Map<String, Integer> places;

    private MethodOrder(Map<String, Integer> places) {
        this.places = places;
    }

    /**
     * Reads a list with a name in each line, the first method first. A line that begins with # is a comment.
     *
     * @throws IOException if the list can't be read
     */
    static MethodOrder read(Reader list) throws IOException {
        Map<String, Integer> places = new HashMap<>();
        BufferedReader lines = new BufferedReader(list);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.startsWith("#")) {
                places.putIfAbsent(line, places.size());
            }
        }
        return new MethodOrder(places);
    }

    /**
     * Returns the methods of the list in its order, and then all others in the order that they have.
     *
     * @param symbol a method's symbol: its name, an underscore, and the builder's code for class and parameters
     */
    <T> List<T> sorted(List<T> methods, Function<T, String> symbol) {
        Map<T, Integer> place = new HashMap<>();
        methods.forEach(method -> place.put(method, places.getOrDefault(name(symbol.apply(method)), places.size())));
        List<T> sorted = new ArrayList<>(methods);
        sorted.sort(Comparator.comparing(place::get));
        return sorted;
    }

    /** Returns which share of the list has one of these symbols; from 0 to 1. */
    double known(List<String> symbols) {
        Set<String> names = new HashSet<>();
        symbols.forEach(symbol -> names.add(name(symbol)));
        names.retainAll(places.keySet());
        return places.isEmpty() ? 0 : (double) names.size() / places.size();
    }

    private static String name(String symbol) {
        return symbol.substring(0, Math.max(0, symbol.lastIndexOf('_')));
    }
}

package dev.turnout;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The sets of classes of one package that depend on one another. A nested class counts as the class around it. */
final class ClassCycles {

    private final Map<String, Set<String>> uses = new TreeMap<>();

    private ClassCycles() {}

    /** Returns the largest sets of classes of which each reaches each other, by simple names. Single classes are left out. */
    static Set<Set<String>> in(JavaClasses classes, String packageName) {
        ClassCycles cycles = new ClassCycles();
        for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                cycles.add(type, dependency.getTargetClass(), packageName);
            }
        }
        return cycles.find();
    }

    private void add(JavaClass from, JavaClass to, String packageName) {
        boolean isInside =
                from.getPackageName().equals(packageName) && to.getPackageName().equals(packageName);
        if (isInside && !outermost(from).equals(outermost(to))) {
            uses.computeIfAbsent(outermost(from), name -> new TreeSet<>()).add(outermost(to));
        }
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ClassCycles::outermost).orElse(type.getSimpleName());
    }

    private Set<Set<String>> find() {
        Map<String, Set<String>> reached = new TreeMap<>();
        uses.keySet().forEach(name -> reached.put(name, reachedFrom(name)));
        Set<Set<String>> cycles = new LinkedHashSet<>();
        for (String name : reached.keySet()) {
            Set<String> cycle = new TreeSet<>();
            for (String other : reached.get(name)) {
                if (reached.getOrDefault(other, Set.of()).contains(name)) {
                    cycle.add(other);
                }
            }
            if (cycle.size() > 1) {
                cycles.add(cycle);
            }
        }
        return cycles;
    }

    private Set<String> reachedFrom(String name) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(uses.get(name));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (seen.add(next)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        return seen;
    }
}

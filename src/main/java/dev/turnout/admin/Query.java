package dev.turnout.admin;

import dev.turnout.routing.Service;
import dev.turnout.routing.Slot;
import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.VisibleText;
import dev.turnout.switching.ChangeNote;
import dev.turnout.switching.SwitchOrder.Until;
import io.quarkus.runtime.configuration.DurationConverter;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The parameters of a call. Each parameter has to be known, well written and given once, so that a misspelt parameter is
 * not silently ignored. {@link CallBody} has the bodies.
 */
final class Query {

    private static final String SERVICE = "service";
    private static final String VERBOSE = "verbose";
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MEMBERS_CHARACTERS = 4_096;

    /** The members of the fleet that a change leaves out, with commas between them. */
    static final String WITHOUT = "without";

    private final MultiMap parameters;

    private Query(MultiMap parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads a call's parameters. {@code service} is always known.
     *
     * @throws BadRequest that names the first parameter that is not known, or stands twice
     */
    static Query of(RoutingContext call, String... known) {
        return of(call, Set.of(), known);
    }

    /** Reads the parameters of a call that may be about several services: {@code service} may stand more than once. */
    static Query ofServices(RoutingContext call, String... known) {
        Query query = of(call, Set.of(SERVICE), known);
        Set<String> different = new TreeSet<>();
        for (String service : query.services()) {
            if (!different.add(service)) {
                throw new BadRequest("The service '" + service + "' stands twice. Nothing was done.");
            }
        }
        return query;
    }

    private static Query of(RoutingContext call, Set<String> repeated, String... known) {
        TreeSet<String> allowed = new TreeSet<>(List.of(known));
        allowed.add(SERVICE);
        MultiMap parameters = call.queryParams();
        for (String name : parameters.names()) {
            if (!allowed.contains(name)) {
                throw new BadRequest("There is no parameter '" + name + "' here; there is " + String.join(", ", allowed)
                        + ". Nothing was done.");
            }
            if (parameters.getAll(name).size() > 1 && !repeated.contains(name)) {
                throw new BadRequest("The parameter '" + name + "' stands twice. Nothing was done.");
            }
        }
        return new Query(parameters);
    }

    /** Returns the names of the services, at least one. */
    List<String> services() {
        return parameters.contains(SERVICE) ? parameters.getAll(SERVICE) : List.of(Service.DEFAULT);
    }

    /** Returns the name of the service. */
    String service() {
        return parameters.contains(SERVICE) ? parameters.get(SERVICE) : Service.DEFAULT;
    }

    /** Returns the name of the service; empty if the caller names none. */
    Optional<String> namedService() {
        return Optional.ofNullable(parameters.get(SERVICE));
    }

    /**
     * Returns what the caller says about a change: {@code by}, {@code note}, and {@code version} and {@code without} where they
     * are among the known parameters.
     */
    ChangeNote note(RoutingContext call) {
        return new ChangeNote(
                Caller.of(call),
                text("by", ChangeNote.BY_CHARACTERS),
                text("version", SlotRelease.VERSION_CHARACTERS),
                text("note", SlotRelease.NOTE_CHARACTERS),
                key(call),
                without());
    }

    private static Optional<String> key(RoutingContext call) {
        String key = call.request().getHeader("Idempotency-Key");
        if (key != null && !KEY.matcher(key).matches()) {
            throw new BadRequest("Idempotency-Key is 1 to 64 of the characters a-z, A-Z, 0-9, '.', '_' and '-', not '"
                    + VisibleText.of(key, VisibleText.SHORT) + "'. Nothing was done.");
        }
        return Optional.ofNullable(key);
    }

    private SortedSet<String> without() {
        return text(WITHOUT, MEMBERS_CHARACTERS)
                .map(names -> new TreeSet<>(List.of(names.split(","))))
                .orElseGet(TreeSet::new);
    }

    /** Returns a parameter that is visible text. */
    Optional<String> text(String name, int most) {
        if (!parameters.contains(name)) {
            return Optional.empty();
        }
        String value = parameters.get(name);
        if (value.isBlank() || value.length() > most || !VisibleText.of(value).equals(value)) {
            throw new BadRequest("The parameter '" + name + "' is visible text of 1 to " + most + " characters, not '"
                    + VisibleText.of(value, most) + "'. Nothing was done.");
        }
        return Optional.of(value.strip());
    }

    /** Returns a parameter that has to be there, and is visible text. */
    String requiredText(String name, int most) {
        return text(name, most)
                .orElseThrow(() ->
                        new BadRequest("The parameter '" + name + "' is missing: visible text. Nothing was done."));
    }

    Optional<Slot> slot(String name) {
        return word(name, List.of("blue", "green")).map(Slot::parse);
    }

    /** Returns true if the answer has all probes of the gate. */
    boolean isVerbose() {
        return parameters.contains(VERBOSE) && flag(VERBOSE);
    }

    boolean flag(String name) {
        return word(name, List.of("true", "false")).map(Boolean::parseBoolean).orElse(false);
    }

    /** Returns when a change is answered: {@code wait}, which has to be among the known parameters. */
    Until until() {
        return word("wait", List.of("drained", "switched"))
                .map(word -> word.equals("switched") ? Until.SWITCHED : Until.DRAINED)
                .orElse(Until.DRAINED);
    }

    /** Returns a parameter that is a time of a second or more, as in the configuration: {@code 30s}, {@code 2m}. */
    Optional<Duration> time(String name, Duration most) {
        if (!parameters.contains(name)) {
            return Optional.empty();
        }
        String value = parameters.get(name);
        try {
            Duration time = DurationConverter.parseDuration(value);
            if (time != null && time.compareTo(Duration.ofSeconds(1)) >= 0 && time.compareTo(most) <= 0) {
                return Optional.of(time);
            }
        } catch (IllegalArgumentException e) {
            // Refused below, as a time out of bounds is.
        }
        throw new BadRequest("The parameter '" + name + "' is a time from 1s to " + most.toSeconds() + "s, such as 30s,"
                + " not '" + value + "'. Nothing was done.");
    }

    /** Returns a parameter that is one of a few words. */
    Optional<String> word(String name, List<String> allowed) {
        if (!parameters.contains(name)) {
            return Optional.empty();
        }
        String value = parameters.get(name);
        if (!allowed.contains(value)) {
            throw new BadRequest("The parameter '" + name + "' is " + String.join(" or ", allowed) + ", not '" + value
                    + "'. Nothing was done.");
        }
        return Optional.of(value);
    }

    /** Returns a parameter that has to be there, and is a whole number within bounds, both included. */
    int requiredNumber(String name, int least, int most) {
        return number(name, least, most)
                .orElseThrow(() -> new BadRequest("The parameter '" + name + "' is missing: a number from " + least
                        + " to " + most + ". Nothing was done."));
    }

    /** Returns a parameter that is a whole number within bounds, both included. */
    Optional<Integer> number(String name, int least, int most) {
        if (!parameters.contains(name)) {
            return Optional.empty();
        }
        String value = parameters.get(name);
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number out of bounds is.
        }
        throw new BadRequest("The parameter '" + name + "' is a number from " + least + " to " + most + ", not '"
                + value + "'. Nothing was done.");
    }
}

package dev.turnout.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Keys under {@code turnout.errors}: the pages of the answers that Turnout makes itself. */
public final class ErrorPagesConfig {

    static final KeyTable KEYS = new KeyTable();

    private static final String PREFIX = "errors.";

    /** The keys that stand for many statuses. */
    private static final List<Key<Path>> OF_CLASSES = List.of(
            page(
                    "4xx",
                    "The file of the page for a browser that Turnout itself answers with a status of 400 to 499. It is"
                            + " HTML in UTF-8, at most 64 KiB, without anything from another address. `{{status}}`,"
                            + " `{{reason}}`, `{{message}}`, `{{cause}}`, `{{request-id}}`, `{{retry-after}}` and"
                            + " `{{host}}` stand for the facts of the answer. The file is read at the start and at"
                            + " each reload. Answers of the application are passed on as they are, but for those of"
                            + " `turnout.errors.intercept`."),
            page("5xx", "As `turnout.errors.4xx`, for a status of 500 to 599."));

    static final Key<StatusRanges> INTERCEPT = KEYS.add(Key.of(PREFIX + "intercept", ValueType.errorStatuses())
            .shared()
            .atReload()
            .english("The statuses of the application for which a browser gets the page of `turnout.errors` in"
                    + " place of the application's own, such as `404,500-599`. It holds for GET and HEAD that"
                    + " accept HTML, and for statuses that have a page. Event streams, WebSockets and gRPC are"
                    + " passed on. Of the application's header fields `WWW-Authenticate` and `Allow` are kept,"
                    + " and the seconds of `Retry-After`; cookies are not. Without a value nothing is replaced."));

    /** The keys of single statuses: those that Turnout answers with, and those that applications often do. */
    private static final List<Key<Path>> OF_STATUSES = Stream.of(
                    "400", "401", "403", "404", "405", "408", "410", "411", "413", "414", "421", "422", "429", "431",
                    "500", "501", "502", "503", "504", "505")
            .map(status -> page(
                    status, "As `turnout.errors." + status.charAt(0) + "xx`, for this status. It goes before that."))
            .toList();

    private final Values values;

    ErrorPagesConfig(Values values) {
        this.values = values;
    }

    private static Key<Path> page(String status, String english) {
        return KEYS.add(
                Key.of(PREFIX + status, ValueType.path()).shared().atReload().english(english));
    }

    /** Returns the files, by the names of their keys behind {@code errors.}: {@code 502} or {@code 5xx}. */
    public Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        keys().forEach(key -> values.find(key).ifPresent(file -> files.put(status(key), file)));
        return files;
    }

    /** Returns the statuses of the application that the pages stand for too; empty for none. */
    public Optional<StatusRanges> intercepted() {
        return values.find(INTERCEPT);
    }

    /** Returns the keys of all pages. */
    static Stream<Key<Path>> keys() {
        return Stream.concat(OF_CLASSES.stream(), OF_STATUSES.stream());
    }

    /** Returns the name of the key that a file stands at. */
    String nameOf(String status) {
        return keys().filter(key -> status(key).equals(status))
                .findFirst()
                .map(values::nameOf)
                .orElseThrow();
    }

    private static String status(Key<Path> key) {
        return key.path().substring(PREFIX.length());
    }
}

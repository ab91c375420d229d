package dev.turnout.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The facts of a systemd unit file with its drop-ins: systemd.unit(5). The last value of a key counts, but
 * for lists. {@code TimeoutSec} gives two other keys their value: systemd.service(5). Blocks.
 */
final class Units {

    private static final List<String> FOLDERS =
            List.of("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system");

    private static final String ENVIRONMENT = "Environment";

    /** The keys whose lines add up. An empty line begins anew. */
    private static final Set<String> LISTS = Set.of(
            ENVIRONMENT, "CacheDirectory", "LogsDirectory", "ReadWritePaths", "RuntimeDirectory", "StateDirectory");

    private final SystemFiles files;

    Units(SystemFiles files) {
        this.files = files;
    }

    /** Returns the keys of the unit {@code turnout.service}; empty if there is no such file. */
    Optional<Map<String, String>> service() {
        return unit("turnout.service");
    }

    /** Returns the value that the unit {@code turnout.service} gives a variable; empty if it gives none. */
    Optional<String> variable(String name) {
        String assignment = name + "=";
        return service().stream()
                .flatMap(keys -> Stream.of(keys.getOrDefault(ENVIRONMENT, "").split("\\s+")))
                .map(word -> word.replace("\"", ""))
                .filter(word -> word.startsWith(assignment))
                .map(word -> word.substring(assignment.length()))
                .reduce((first, last) -> last);
    }

    /** Returns true if there is a unit {@code turnout.socket}: systemd may open the front port. */
    boolean hasSocket() {
        return unit("turnout.socket").isPresent();
    }

    /** Returns true if the unit {@code turnout-tls.socket} is enabled: systemd may open the port for HTTPS. */
    boolean hasTlsSocket() {
        return isEnabled("turnout-tls.socket");
    }

    /** Returns true if a socket is opened when the machine starts. */
    boolean isEnabled(String socket) {
        return files.text("etc/systemd/system/sockets.target.wants/" + socket).isPresent();
    }

    private Optional<Map<String, String>> unit(String name) {
        Optional<String> text = FOLDERS.stream()
                .flatMap(folder -> files.text(folder + "/" + name).stream())
                .findFirst();
        return text.map(own -> {
            Map<String, String> keys = new LinkedHashMap<>();
            read(own, keys);
            dropIns(name).forEach(more -> read(more, keys));
            return keys;
        });
    }

    private List<String> dropIns(String name) {
        List<String> texts = new ArrayList<>();
        for (String folder : FOLDERS) {
            String dropIns = folder + "/" + name + ".d";
            TreeSet<String> names = new TreeSet<>();
            try (DirectoryStream<Path> found =
                    Files.newDirectoryStream(files.root().resolve(dropIns), "*.conf")) {
                found.forEach(file -> names.add(file.getFileName().toString()));
            } catch (IOException e) {
                continue;
            }
            names.forEach(file -> files.text(dropIns + "/" + file).ifPresent(texts::add));
        }
        return texts;
    }

    private static void read(String text, Map<String, String> keys) {
        text.lines().map(String::strip).filter(line -> !line.startsWith("#")).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                String key = line.substring(0, equals).strip();
                String value = line.substring(equals + 1).strip();
                keys.merge(key, value, (old, next) -> LISTS.contains(key) && !next.isEmpty() ? old + " " + next : next);
                if (key.equals("TimeoutSec")) {
                    keys.put("TimeoutStartSec", value);
                    keys.put("TimeoutStopSec", value);
                }
            }
        });
    }
}

package dev.turnout.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a unit of systemd lets its process write, whatever the rights of files say: systemd.exec(5). */
final class WritableFolders {

    /** The keys with names of folders that systemd makes at the start of a unit, and where the folders are. */
    private static final Map<String, String> MADE = Map.of(
            "StateDirectory", "/var/lib",
            "CacheDirectory", "/var/cache",
            "LogsDirectory", "/var/log",
            "RuntimeDirectory", "/run");

    private static final Map<String, String> SPECIFIERS =
            Map.of("%S", "/var/lib", "%C", "/var/cache", "%L", "/var/log", "%t", "/run", "%E", "/etc");

    private final List<Path> made;
    private final List<Path> writable;
    private final List<Path> readOnly;

    private WritableFolders(List<Path> made, List<Path> writable, List<Path> readOnly) {
        this.made = made;
        this.writable = writable;
        this.readOnly = readOnly;
    }

    /**
     * Returns those of a unit.
     *
     * @param unit its keys; without any it forbids nothing
     */
    static WritableFolders of(Map<String, String> unit) {
        List<Path> made = MADE.entrySet().stream()
                .flatMap(key ->
                        words(unit, key.getKey()).map(name -> Path.of(key.getValue(), name.replaceFirst(":.*", ""))))
                .toList();
        List<Path> writable = new ArrayList<>(made);
        words(unit, "ReadWritePaths")
                .map(path -> path.replaceFirst("^[-+]+", ""))
                .map(WritableFolders::withoutSpecifier)
                .map(Path::of)
                .forEach(writable::add);
        Stream.of("/dev", "/proc", "/sys").map(Path::of).forEach(writable::add);
        if (!isOff(unit, "PrivateTmp")) {
            Stream.of("/tmp", "/var/tmp").map(Path::of).forEach(writable::add);
        }
        List<Path> readOnly = Stream.concat(
                        system(unit.getOrDefault("ProtectSystem", "")),
                        isOff(unit, "ProtectHome") ? Stream.of() : Stream.of("/home", "/root", "/run/user"))
                .map(Path::of)
                .toList();
        return new WritableFolders(made, List.copyOf(writable), readOnly);
    }

    private static Stream<String> words(Map<String, String> unit, String key) {
        return Stream.of(unit.getOrDefault(key, "").split("\\s+"))
                .map(word -> word.replace("\"", ""))
                .filter(word -> !word.isEmpty());
    }

    private static String withoutSpecifier(String path) {
        return SPECIFIERS.entrySet().stream()
                .filter(specifier -> path.startsWith(specifier.getKey()))
                .map(specifier ->
                        specifier.getValue() + path.substring(specifier.getKey().length()))
                .findFirst()
                .orElse(path);
    }

    private static boolean isOff(Map<String, String> unit, String key) {
        return List.of("", "no", "false", "off", "0").contains(unit.getOrDefault(key, ""));
    }

    /** Returns what {@code ProtectSystem} makes read-only. */
    private static Stream<String> system(String value) {
        return switch (value) {
            case "strict" -> Stream.of("/");
            case "full" -> Stream.of("/usr", "/boot", "/efi", "/etc");
            case "", "no", "false", "off", "0" -> Stream.of();
            default -> Stream.of("/usr", "/boot", "/efi");
        };
    }

    /** Returns true if the unit lets its process write to this absolute path. */
    boolean contain(Path path) {
        return depth(readOnly, path) <= depth(writable, path);
    }

    /** Returns how many names the longest of these folders has that the path lies in; -1 for none. */
    private static int depth(List<Path> folders, Path path) {
        return folders.stream()
                .filter(path.normalize()::startsWith)
                .mapToInt(Path::getNameCount)
                .max()
                .orElse(-1);
    }

    /** Returns the folder of this path that systemd makes at the start of the unit and gives to its user. */
    Optional<Path> madeFor(Path path) {
        return made.stream().filter(path.normalize()::startsWith).max(Comparator.comparingInt(Path::getNameCount));
    }
}

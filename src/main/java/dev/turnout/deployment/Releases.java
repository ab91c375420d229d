package dev.turnout.deployment;

import dev.turnout.routing.Slot;
import dev.turnout.store.AtomicFile;
import dev.turnout.store.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last releases of one service, each in a folder of its own: {@value #FACTS}, and the jar. A folder is written
 * under another name and renamed when it is complete, so that an incomplete release is never seen.
 *
 * <p>Which release serves in which slot is noted beside them.
 */
public final class Releases {

    /** How many releases are kept, those of both slots included. */
    static final int MOST = 5;

    private static final String FACTS = "release.properties";
    private static final String JAR = "app.jar";
    private static final String INCOMPLETE = ".incomplete-";
    private static final Pattern LEFT = Pattern.compile("\\.incomplete-([0-9]{1,18})");
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,8}");

    private final Path folder;

    public Releases(DeployFolder deployments, String service) {
        this.folder = deployments.releases(service);
    }

    /** Returns the releases, the newest first. */
    public List<Release> list() {
        List<Release> all = new ArrayList<>();
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            if (ID.matcher(name).matches()) {
                int id = Integer.parseInt(name);
                PropertyFile.read(entry.resolve(FACTS))
                        .flatMap(values -> Release.read(id, values))
                        .filter(release -> release.build().file().isEmpty() || Files.isRegularFile(jar(id)))
                        .ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparingInt(Release::id).reversed());
        return List.copyOf(all);
    }

    public Optional<Release> find(int id) {
        return list().stream().filter(release -> release.id() == id).findFirst();
    }

    /** Returns the release that a slot got last; empty if the slot got none from here. */
    public Optional<Release> of(Slot slot) {
        return noted(slot.toString());
    }

    /** The key of the release that a slot had before, if it has served all the time since. */
    private static String replaced(Slot slot) {
        return slot + ".replaced";
    }

    private Optional<Release> noted(String key) {
        return PropertyFile.read(slots())
                .map(values -> values.getProperty(key, ""))
                .filter(id -> ID.matcher(id).matches())
                .flatMap(id -> find(Integer.parseInt(id)));
    }

    /** Returns the release that a rollback of an active slot starts; empty if there is none. */
    public Optional<Release> before(Slot active) {
        Optional<Release> serving = of(active);
        return noted(replaced(active))
                .or(() -> of(active.other()))
                .filter(release -> !serving.equals(Optional.of(release)))
                .or(() -> list().stream()
                        .filter(release -> serving.isPresent()
                                && release.id() < serving.get().id())
                        .findFirst());
    }

    /** Returns where the jar of a release is. */
    public Path jar(int id) {
        return folder.resolve(String.valueOf(id)).resolve(JAR);
    }

    /**
     * Keeps a release that a slot has got, and removes the oldest releases that no slot has.
     *
     * @param release the id is set by this method
     * @param jar a copy that is never written to again; a link to it is kept where the file system has links
     * @param hasServed as in {@link #serves}
     */
    Release add(Slot slot, Release release, Optional<Path> jar, boolean hasServed) throws IOException {
        Path incomplete = folder.resolve(INCOMPLETE + ProcessHandle.current().pid());
        PrivateFiles.makeFolder(incomplete);
        try {
            if (jar.isPresent()) {
                linkOrCopy(jar.get(), incomplete.resolve(JAR));
            }
            PropertyFile.write(incomplete.resolve(FACTS), release.write());
            Release kept = moveIn(incomplete, release);
            serves(slot, kept.id(), hasServed);
            prune();
            return kept;
        } finally {
            remove(incomplete);
        }
    }

    /**
     * Notes that a slot has got a release that is kept already.
     *
     * @param hasServed true if the slot has served all the time, first with the release that it had, as in a rolling deployment
     */
    void serves(Slot slot, int id, boolean hasServed) throws IOException {
        Map<String, String> values = new TreeMap<>();
        PropertyFile.read(slots())
                .ifPresent(old -> old.stringPropertyNames().forEach(name -> values.put(name, old.getProperty(name))));
        String had = values.put(slot.toString(), String.valueOf(id));
        if (!hasServed) {
            values.remove(replaced(slot));
            values.remove(replaced(slot.other()));
        } else if (had != null && !had.equals(String.valueOf(id))) {
            values.put(replaced(slot), had);
        }
        PropertyFile.write(slots(), values);
    }

    /** Links a file to a second name, or copies the file where that is not possible. */
    static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path slots() {
        return folder.resolve("slots.properties");
    }

    private Release moveIn(Path incomplete, Release release) throws IOException {
        int id = entries().stream()
                .map(entry -> entry.getFileName().toString())
                .filter(name -> ID.matcher(name).matches())
                .mapToInt(Integer::parseInt)
                .max()
                .orElse(0);
        while (true) {
            id++;
            Path place = folder.resolve(String.valueOf(id));
            try {
                Files.move(incomplete, place, StandardCopyOption.ATOMIC_MOVE);
                AtomicFile.forceFolder(place);
                return new Release(id, release.build(), release.by(), release.at(), release.launch(), release.folder());
            } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
                // Another deployment has taken the number meanwhile: the next one.
                continue;
            }
        }
    }

    private void prune() throws IOException {
        Set<Integer> used = new HashSet<>();
        Stream.of(Slot.values())
                .flatMap(slot -> Stream.of(of(slot), noted(replaced(slot))))
                .flatMap(Optional::stream)
                .forEach(release -> used.add(release.id()));
        List<Release> all = list();
        long room = MOST - used.size();
        for (Release release : all) {
            if (!used.contains(release.id()) && room-- <= 0) {
                remove(folder.resolve(String.valueOf(release.id())));
            }
        }
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            Matcher left = LEFT.matcher(name);
            if (left.matches()
                    && ProcessHandle.of(Long.parseLong(left.group(1))).isEmpty()) {
                remove(entry);
            }
        }
    }

    private static void remove(Path release) throws IOException {
        if (Files.isDirectory(release)) {
            // Facts first: a release without facts is not listed.
            Files.deleteIfExists(release.resolve(FACTS));
            try (DirectoryStream<Path> files = Files.newDirectoryStream(release)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(release);
        }
    }

    private List<Path> entries() {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(entries::add);
        } catch (IOException e) {
            return List.of();
        }
        return entries;
    }
}

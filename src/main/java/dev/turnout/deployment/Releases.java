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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The last releases of one service, each in a folder of its own: {@value #FACTS}, and the jar. A folder is written
 * under another name and renamed when it is complete, so that an incomplete release is never seen.
 *
 * <p>Which release serves in which slot is noted beside them. A release is prepared before the switch to it, and listed
 * when it serves: so a deployment that is killed leaves what the next one can find out.
 */
public final class Releases {

    /** How many releases are kept, those of both slots included. */
    static final int MOST = 5;

    private static final String FACTS = "release.properties";
    private static final String JAR = "app.jar";

    /** The time of a release that has not served. A release that has served has {@link Release#AT} instead. */
    private static final String PREPARED = "prepared";

    private static final String INCOMPLETE = ".incomplete-";
    private static final Pattern LEFT = Pattern.compile("\\.incomplete-([0-9]{1,18})");
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,8}");

    private final Path folder;
    private final SlotNotes notes;

    public Releases(DeployFolder deployments, String service) {
        this.folder = deployments.releases(service);
        this.notes = new SlotNotes(folder);
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

    /** Returns the release that a slot got last. Empty if the slot got none from here, or is about to get another one. */
    public Optional<Release> of(Slot slot) {
        return notes.next(slot).isPresent() ? Optional.empty() : notes.of(slot).flatMap(this::find);
    }

    /** Returns the release that a rollback of an active slot starts; empty if there is none. */
    public Optional<Release> before(Slot active) {
        Optional<Release> serving = of(active);
        return notes.replaced(active)
                .flatMap(this::find)
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
     * Keeps a release that a slot is about to serve. The release is not listed before {@link #serves(Slot)}.
     *
     * @param release its id is not read
     * @param jar a copy that is never written to again; a link to it is kept where the file system has links
     */
    void prepare(Slot slot, Release release, Optional<Path> jar) throws IOException {
        Map<String, String> facts = release.write();
        facts.put(PREPARED, String.valueOf(facts.remove(Release.AT)));
        // If the release can't be kept, the slot still has another version than before.
        notes.announce(slot, SlotNotes.NOT_KEPT);
        notes.announce(slot, keep(facts, jar));
    }

    /** Notes that a slot is about to serve a release that is kept already. */
    void prepare(Slot slot, int id) throws IOException {
        notes.announce(slot, id);
    }

    /**
     * Notes that a slot has got what was prepared for it, and removes the oldest releases that no slot has.
     *
     * @return the release; empty if it is not kept
     */
    Optional<Release> serves(Slot slot) throws IOException {
        Optional<Integer> next = notes.next(slot);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        complete(next.get());
        notes.serves(slot, next.get(), false);
        prune();
        return find(next.get());
    }

    /** Makes a release that was prepared one that is listed. */
    private void complete(int id) throws IOException {
        Path file = folder.resolve(String.valueOf(id)).resolve(FACTS);
        if (PropertyFile.read(file)
                .filter(values -> values.containsKey(PREPARED))
                .isPresent()) {
            PropertyFile.change(file, facts -> facts.put(Release.AT, String.valueOf(facts.remove(PREPARED))));
        }
    }

    /** Takes back what was prepared for a slot. */
    void giveUp(Slot slot) throws IOException {
        Optional<Integer> next = notes.next(slot);
        if (next.isEmpty()) {
            return;
        }
        if (find(next.get()).isEmpty()) {
            remove(folder.resolve(String.valueOf(next.get())));
        }
        notes.withdraw(slot);
    }

    /** Notes how killed deployments have ended: a slot that serves by now has got what was prepared for it. */
    void settle(ServiceView view) throws IOException {
        for (Slot slot : Slot.values()) {
            boolean isActive = view.active() == slot;
            if (isActive && view.step().filter("watch"::equals).isEmpty()) {
                serves(slot);
            } else if (!isActive && view.step().isEmpty()) {
                giveUp(slot);
            }
        }
    }

    /**
     * Keeps a release that a slot has got while it served, and removes the oldest releases that no slot has.
     *
     * @param release its id is not read
     * @param jar as in {@link #prepare(Slot, Release, Optional)}
     */
    Optional<Release> replace(Slot slot, Release release, Optional<Path> jar) throws IOException {
        int id = keep(release.write(), jar);
        notes.serves(slot, id, true);
        prune();
        return find(id);
    }

    /** Notes that a slot has got a release that is kept already. */
    void serves(Slot slot, int id) throws IOException {
        notes.serves(slot, id, false);
    }

    /** Keeps a release, and returns its number. */
    private int keep(Map<String, String> facts, Optional<Path> jar) throws IOException {
        Path incomplete = folder.resolve(INCOMPLETE + ProcessHandle.current().pid());
        PrivateFiles.makeFolder(incomplete);
        try {
            if (jar.isPresent()) {
                linkOrCopy(jar.get(), incomplete.resolve(JAR));
            }
            PropertyFile.write(incomplete.resolve(FACTS), facts);
            return moveIn(incomplete);
        } finally {
            remove(incomplete);
        }
    }

    /** Links a file to a second name, or copies the file where that is not possible. */
    static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private int moveIn(Path incomplete) throws IOException {
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
                return id;
            } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
                // Another deployment has taken the number meanwhile: the next one.
                continue;
            }
        }
    }

    private void prune() throws IOException {
        List<Release> all = list();
        Set<Integer> used = Stream.of(Slot.values())
                .flatMap(slot -> Stream.of(notes.of(slot), notes.replaced(slot), notes.next(slot)))
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        long room = MOST
                - all.stream().filter(release -> used.contains(release.id())).count();
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

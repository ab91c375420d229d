package dev.turnout.fleet;

import dev.turnout.config.StateConfig;
import dev.turnout.fleet.decision.FleetAction.Armed;
import dev.turnout.fleet.decision.FleetAction.OwnRecord;
import dev.turnout.fleet.decision.FleetValue.Decision;
import dev.turnout.routing.Service;
import dev.turnout.store.AtomicFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What this member has on its disk of the fleet: the file {@value #FILE} in the state folder. It is forced to the disk
 * before others are told. Any thread that may block; calls follow one another.
 */
public final class OwnRecords {

    /** The name of the file. */
    public static final String FILE = StateConfig.FLEET_RECORDS;

    /** Where new content is written first. */
    public static final String NEXT = FILE + ".new";

    private static final int NAME = 256;

    private final Path path;
    private final AtomicFile file;
    private volatile Optional<Content> content = Optional.empty();

    /**
     * What the disk says.
     *
     * @param fleet the id of the fleet
     * @param secret by which its members know each other
     * @param member the place of this machine
     * @param life of the store that is believed
     * @param revision the newest of the store that was seen when the record was written
     * @param recovery the last one that this member believes; empty if there was none
     * @param peers every enrolled member with the address of its admin server
     * @param services what is in force, and whether this member is bound by a vote
     * @param retired services that the fleet has removed while they were configured here
     */
    record Content(
            String fleet,
            String secret,
            String member,
            String life,
            long revision,
            Optional<String> recovery,
            SortedMap<String, String> peers,
            SortedMap<String, OwnRecord> services,
            SortedSet<String> retired) {

        Content {
            peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
            services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
            retired = Collections.unmodifiableSortedSet(new TreeSet<>(retired));
        }

        Content with(String service, OwnRecord record, long seen) {
            TreeMap<String, OwnRecord> next = new TreeMap<>(services);
            next.put(service, record);
            return new Content(fleet, secret, member, life, seen, recovery, peers, next, retired);
        }

        /** Returns this content with these services only, and others that are retired. */
        Content only(Set<String> kept, SortedSet<String> gone) {
            TreeMap<String, OwnRecord> next = new TreeMap<>(services);
            next.keySet().retainAll(kept);
            return new Content(fleet, secret, member, life, revision, recovery, peers, next, gone);
        }

        Content with(SortedMap<String, String> roster) {
            return new Content(fleet, secret, member, life, revision, recovery, roster, services, retired);
        }

        Content believing(String newLife, String newRecovery, long seen) {
            return new Content(
                    fleet, secret, member, newLife, seen, Optional.of(newRecovery), peers, services, retired);
        }
    }

    /** @param folder the state folder */
    public OwnRecords(Path folder) {
        this.path = folder.toAbsolutePath().resolve(FILE);
        this.file = new AtomicFile(path, path.resolveSibling(NEXT), AtomicFile.Ownership.PRIVATE);
    }

    /**
     * Reads the file; empty if this Turnout is in no fleet.
     *
     * @throws IOException if the file can't be read or is not understood; the message is half a sentence
     */
    synchronized Optional<Content> load() throws IOException {
        try {
            content = Optional.of(read(FleetJson.object(Files.readString(path, StandardCharsets.UTF_8))));
        } catch (NoSuchFileException e) {
            content = Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(path + " is not one that Turnout can trust: " + e.getMessage(), e);
        }
        return content;
    }

    /** Returns what was read or written last. Does not block. */
    Optional<Content> content() {
        return content;
    }

    /** Replaces all. */
    synchronized void begin(Content first) throws IOException {
        write(first);
        content = Optional.of(first);
    }

    /** Replaces the record of a service. The disk has it when this returns. */
    synchronized void put(String service, OwnRecord record, long revision) throws IOException {
        Content next = content.orElseThrow(() -> new IOException("this Turnout is in no fleet"))
                .with(service, record, revision);
        write(next);
        content = Optional.of(next);
    }

    /** Forgets all services but some, and says which ones are retired. Does nothing if the disk says so. */
    synchronized void keep(Set<String> services, SortedSet<String> retired) throws IOException {
        Optional<Content> before = content;
        if (before.isPresent()) {
            Content next = before.get().only(services, retired);
            if (!next.equals(before.get())) {
                write(next);
                content = Optional.of(next);
            }
        }
    }

    /** Replaces the life of the store that is believed, since it was recovered. */
    synchronized void believe(String life, String recovery, long revision) throws IOException {
        Content next = content.orElseThrow(() -> new IOException("this Turnout is in no fleet"))
                .believing(life, recovery, revision);
        write(next);
        content = Optional.of(next);
    }

    /** Replaces the addresses of the members, if they are others. */
    synchronized void putPeers(SortedMap<String, String> roster) throws IOException {
        Optional<Content> before = content;
        if (before.isPresent() && !before.get().peers().equals(roster)) {
            Content next = before.get().with(roster);
            write(next);
            content = Optional.of(next);
        }
    }

    /** Forgets the fleet. */
    synchronized void end() throws IOException {
        Files.deleteIfExists(path);
        AtomicFile.forceFolder(path);
        content = Optional.empty();
    }

    private void write(Content next) throws IOException {
        JsonObject services = new JsonObject();
        next.services().forEach((name, record) -> services.put(name, json(record)));
        JsonObject peers = new JsonObject();
        next.peers().forEach(peers::put);
        file.replace(new JsonObject()
                .put("format", FleetJson.FORMAT)
                .put("fleet", next.fleet())
                .put("secret", next.secret())
                .put("member", next.member())
                .put("life", next.life())
                .put("revision", next.revision())
                .put("recovery", next.recovery().orElse(null))
                .put("peers", peers)
                .put("services", services)
                .put("retired", new JsonArray(List.copyOf(next.retired())))
                .encodePrettily()
                .getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject json(OwnRecord record) {
        Armed armed = record.armed();
        return new JsonObject()
                .put("change", record.decision().change())
                .put("state", FleetJson.state(record.decision().service()))
                .put("armed", armed == null ? null : armed.change())
                .put("holds", armed != null && armed.holds());
    }

    private static Content read(JsonObject json) {
        JsonObject services = Members.of(json, "services", JsonObject.class);
        TreeMap<String, OwnRecord> records = new TreeMap<>();
        for (String name : services.fieldNames()) {
            records.put(name, record(Members.of(services, name, JsonObject.class)));
        }
        return new Content(
                FleetJson.fleet(json),
                FleetJson.secret(json),
                Members.text(json, "member", NAME),
                Members.text(json, "life", NAME),
                Members.whole(json, "revision"),
                json.getValue("recovery") == null
                        ? Optional.empty()
                        : Optional.of(Members.text(json, "recovery", NAME)),
                Members.texts(json, "peers", FleetJson.MOST_MEMBERS, FleetJson.ADDRESS),
                records,
                json.getValue("retired") == null
                        ? Collections.emptySortedSet()
                        : Members.set(json, "retired", FleetJson.MOST_SERVICES));
    }

    private static OwnRecord record(JsonObject json) {
        Service service = FleetJson.service(json, "state");
        Decision decision = new Decision(service, Members.text(json, "change", NAME));
        @Nullable
        Armed armed = json.getValue("armed") == null
                ? null
                : new Armed(Members.text(json, "armed", NAME), Members.of(json, "holds", Boolean.class));
        return new OwnRecord(decision, armed);
    }
}

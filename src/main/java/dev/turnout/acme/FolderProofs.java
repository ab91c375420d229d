package dev.turnout.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.store.AtomicFile;
import dev.turnout.store.PrivateFiles;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The answers of every process that uses a folder: each gives those of the others too. The authority may ask any of them:
 * another machine behind the same name, or the successor of the process that has ordered. For one thread.
 */
final class FolderProofs implements Proofs {

    private static final Logger LOG = Logger.getLogger(FolderProofs.class);

    /** How often others look into the folder. */
    static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** A file that nobody has deleted is dropped after this time. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private static final int MOST_FILES = 1_000;

    private final Path folder;
    private final Proofs own;
    private final BooleanSupplier hasOthers;
    private final FolderChanges changes;
    private final Clock clock;
    private final Map<String, Proof> ofOthers = new HashMap<>();
    private final Set<String> ofThisProcess = new HashSet<>();

    /**
     * @param own gives the answers of this process
     * @param hasOthers whether other machines use the folder: they are waited for
     * @param changes told of each change of the folder
     */
    FolderProofs(Path folder, Proofs own, BooleanSupplier hasOthers, FolderChanges changes, Clock clock) {
        this.folder = folder;
        this.own = own;
        this.hasOthers = hasOthers;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public void offer(Proof proof) throws AuthorityFailed, InterruptedException {
        own.offer(proof);
        ofThisProcess.add(proof.token());
        try {
            PrivateFiles.makeFolder(folder);
            new AtomicFile(file(proof), folder.resolve(proof.token() + ".tmp"), AtomicFile.Ownership.PRIVATE)
                    .replace(content(proof));
            changes.changed();
        } catch (IOException e) {
            throw new AuthorityFailed(
                    AuthorityFailed.Kind.NOT_READY, "The answer to a challenge can't be written: " + e, e);
        }
    }

    private byte[] content(Proof proof) {
        return new JsonObject()
                .put("name", proof.name())
                .put("token", proof.token())
                .put("keyAuthorization", proof.keyAuthorization())
                .put("until", clock.instant().plus(LONGEST).toString())
                .encodePrettily()
                .getBytes(UTF_8);
    }

    /** Waits until all others must have seen the answers. */
    @Override
    public void settle() throws InterruptedException {
        if (hasOthers.getAsBoolean()) {
            Thread.sleep(LOOK_EVERY.multipliedBy(2).toMillis());
        }
        own.settle();
    }

    @Override
    public void check(Proof proof) throws AuthorityFailed, InterruptedException {
        own.check(proof);
    }

    @Override
    public void withdraw(Proof proof) throws InterruptedException {
        ofThisProcess.remove(proof.token());
        try {
            Files.deleteIfExists(file(proof));
            changes.changed();
        } catch (IOException e) {
            LOG.debugf("The answer to a challenge stays for a while: %s", e);
        }
        own.withdraw(proof);
    }

    private Path file(Proof proof) {
        return folder.resolve(proof.token() + ".json");
    }

    /** Gives the answers that other processes have put into the folder, and no longer those that they have taken away. */
    void followOthers() throws InterruptedException {
        Map<String, Proof> found = found();
        for (Proof gone : Set.copyOf(ofOthers.values())) {
            if (!found.containsKey(gone.token())) {
                ofOthers.remove(gone.token());
                own.withdraw(gone);
            }
        }
        for (Proof proof : found.values()) {
            if (!ofThisProcess.contains(proof.token()) && ofOthers.putIfAbsent(proof.token(), proof) == null) {
                offerOfOther(proof);
            }
        }
    }

    private void offerOfOther(Proof proof) throws InterruptedException {
        try {
            own.offer(proof);
        } catch (AuthorityFailed e) {
            LOG.warnf("A challenge of another Turnout can't be answered here: %s", e.words());
        }
    }

    private Map<String, Proof> found() {
        Map<String, Proof> found = new HashMap<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : files) {
                if (found.size() < MOST_FILES) {
                    read(file).ifPresent(proof -> found.put(proof.token(), proof));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warnf("The challenges in %s can't be read: %s", folder, e);
        }
        return found;
    }

    private Optional<Proof> read(Path file) throws IOException {
        try {
            JsonObject json = new JsonObject(Files.readString(file));
            if (clock.instant().isAfter(Instant.parse(String.valueOf(json.getString("until"))))) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            return Optional.of(new Proof(
                    String.valueOf(json.getString("name")),
                    String.valueOf(json.getString("token")),
                    String.valueOf(json.getString("keyAuthorization"))));
        } catch (NoSuchFileException | DecodeException | ClassCastException | DateTimeException e) {
            return Optional.empty();
        }
    }
}

package dev.turnout.acme;

import dev.turnout.fleet.FleetFiles;
import dev.turnout.store.PrivateFiles;
import dev.turnout.tls.CertificateChain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The files of orders, as all members of a fleet have them: accounts, certificates with their keys, open orders, and answers
 * to challenges. The member with the right to order writes what it changes to the store of the fleet, before it goes on. The
 * others copy it. Each has all of it on its disk, so that it starts and serves without etcd. For one thread.
 *
 * <p>A certificate is never replaced by one that ends earlier, and none is deleted.
 */
final class FleetFolder implements FolderChanges {

    private static final Logger LOG = Logger.getLogger("dev.turnout.acme");
    private static final String KEY = "key.pem";
    private static final String CERTIFICATE = "cert.pem";

    /** What is copied. All else in the folder is this machine's. */
    private static final Pattern COPIED = Pattern.compile("NAME/account\\.pem"
            .concat("|NAME/NAME/(cert|key|key\\.next)\\.pem|NAME/NAME/order\\.json|challenges/NAME\\.json")
            .replace("NAME", "[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"));

    /** What is deleted when others have deleted it. */
    private static final Pattern PASSING = Pattern.compile("[^/]+/[^/]+/key\\.next\\.pem|challenges/[^/]+");

    private static final int MOST_FILES = 5_000;
    private static final int MOST_BYTES = 64 * 1024;

    private final Path root;
    private final Supplier<Optional<FleetFiles>> fleet;
    private final Runnable issued;
    private SortedMap<String, String> stored = new TreeMap<>();
    private Optional<FleetFiles.Right> right = Optional.empty();
    private long seen = -1;
    private boolean isSilent;

    /**
     * @param fleet returns the files of the fleet; empty outside of one
     * @param issued called when a certificate of another member is in its place
     */
    FleetFolder(Path root, Supplier<Optional<FleetFiles>> fleet, Runnable issued) {
        this.root = root;
        this.fleet = fleet;
        this.issued = issued;
    }

    /** Returns true if other members have the files too. */
    boolean isShared() {
        return fleet.get().isPresent();
    }

    /**
     * Copies what others have changed. An etcd that does not answer changes nothing.
     *
     * @return true if there are other certificates than before
     */
    boolean follow() {
        Optional<FleetFiles> files = fleet.get();
        if (files.isEmpty()) {
            return false;
        }
        try {
            long written = files.get().written();
            boolean isNew = false;
            if (written != seen) {
                isNew = copy(files.get());
                tell(files.get());
                seen = written;
            }
            isSilent = false;
            return isNew;
        } catch (IOException e) {
            if (!isSilent) {
                LOG.warnf(
                        "The certificates of the fleet can't be copied: %s. Those on the disk are served.",
                        e.getMessage());
            }
            isSilent = true;
            return false;
        }
    }

    /** Writes what a machine has from before it entered the fleet, such as a certificate: nobody is to order that again. */
    private void tell(FleetFiles files) throws IOException {
        SortedMap<String, String> own = unstored(here());
        own.keySet().removeIf(name -> PASSING.matcher(name).matches());
        Optional<FleetFiles.Right> taken = own.isEmpty() ? Optional.empty() : files.take();
        if (taken.isPresent()) {
            try (FleetFiles.Right mine = taken.get()) {
                begin(files, mine);
            } finally {
                end();
            }
        }
    }

    /** Begins to write: what the store has is copied first, and what it lacks is written. */
    void begin(FleetFiles files, FleetFiles.Right taken) throws IOException {
        copy(files);
        right = Optional.of(taken);
        changed();
    }

    /** Ends to write. */
    void end() {
        right = Optional.empty();
    }

    /** Writes to the store what has changed. Does nothing without the right. */
    @Override
    public void changed() throws IOException {
        if (right.isEmpty()) {
            return;
        }
        SortedMap<String, String> here = here();
        SortedMap<String, String> written = unstored(here);
        Set<String> deleted = new TreeSet<>(stored.keySet());
        deleted.removeIf(
                name -> here.containsKey(name) || !PASSING.matcher(name).matches());
        if (written.isEmpty() && deleted.isEmpty()) {
            return;
        }
        right.get().write(written, deleted);
        stored.putAll(written);
        stored.keySet().removeAll(deleted);
    }

    /** Returns those of the files here that the store has not, or has otherwise. */
    private SortedMap<String, String> unstored(SortedMap<String, String> here) {
        SortedMap<String, String> unstored = new TreeMap<>(here);
        unstored.entrySet().removeIf(file -> file.getValue().equals(stored.get(file.getKey())));
        return unstored;
    }

    // --- What others have written ----------------------------------------------------------------------------------

    private boolean copy(FleetFiles files) throws IOException {
        SortedMap<String, String> store = files.read();
        store.entrySet()
                .removeIf(file -> !COPIED.matcher(file.getKey()).matches()
                        || file.getValue().length() > MOST_BYTES);
        SortedMap<String, String> here = here();
        boolean isNew = false;
        for (Map.Entry<String, String> file : store.entrySet()) {
            String name = file.getKey();
            if (name.endsWith("/" + CERTIFICATE)) {
                isNew |= copyPair(name.substring(0, name.length() - CERTIFICATE.length()), store, here);
            } else if (!name.endsWith("/" + KEY) && !file.getValue().equals(here.get(name))) {
                keepOwnAccount(name, here);
                replace(name, file.getValue());
            }
        }
        // The first member of a fleet has orders of its own, and the store has none yet.
        if (!store.isEmpty()) {
            for (String name : here.keySet()) {
                if (!store.containsKey(name) && PASSING.matcher(name).matches()) {
                    Files.deleteIfExists(root.resolve(name));
                }
            }
        }
        stored = store;
        if (isNew) {
            issued.run();
        }
        return isNew;
    }

    /**
     * Takes a certificate and its key over, unless they are no pair, or the own one is valid for longer. The key comes first, as
     * in an order.
     */
    private boolean copyPair(String folder, Map<String, String> store, Map<String, String> here) throws IOException {
        String certificate = store.get(folder + CERTIFICATE);
        String key = store.get(folder + KEY);
        String own = here.get(folder + CERTIFICATE);
        if (certificate == null || key == null || certificate.equals(own) && key.equals(here.get(folder + KEY))) {
            return false;
        }
        if (!isPair(certificate, key) || own != null && end(own).isAfter(end(certificate))) {
            return false;
        }
        replace(folder + KEY, key);
        replace(folder + CERTIFICATE, certificate);
        return true;
    }

    /** Of a writer that was stopped half-way, the store may have the key of one order and the certificate of another. */
    private static boolean isPair(String certificate, String key) {
        try {
            return AuthorityFolder.fits(key, PemText.chain(certificate).get(0));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Instant end(String certificate) {
        try {
            return new CertificateChain(PemText.chain(certificate)).notAfter();
        } catch (GeneralSecurityException e) {
            return Instant.EPOCH;
        }
    }

    /** The account of a machine that had one before it entered the fleet stays beside that of the fleet. */
    private void keepOwnAccount(String name, Map<String, String> here) throws IOException {
        String own = here.get(name);
        if (name.endsWith("/account.pem") && own != null) {
            String kept = name.replace("account.pem", "account.own.pem");
            if (!Files.exists(root.resolve(kept))) {
                replace(kept, own);
            }
        }
    }

    private void replace(String name, String text) throws IOException {
        Path file = root.resolve(name);
        PrivateFiles.makeFolder(root.resolve(name.substring(0, name.lastIndexOf('/'))));
        AuthorityFolder.replace(file, text);
    }

    private SortedMap<String, String> here() throws IOException {
        SortedMap<String, String> here = new TreeMap<>();
        if (!Files.isDirectory(root)) {
            return here;
        }
        try (Stream<Path> files = Files.walk(root, 3)) {
            for (Path file : (Iterable<Path>) files.limit(MOST_FILES)::iterator) {
                String name = root.relativize(file).toString();
                if (COPIED.matcher(name).matches() && Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES) {
                    here.put(name, Files.readString(file));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return here;
    }
}

package dev.turnout.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.turnout.config.DaemonThread;
import dev.turnout.store.AtomicFile;
import dev.turnout.store.PrivateFiles;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The right among the processes of several machines that share a folder: a lease that expires.
 *
 * <p>A lease is a file {@code lease.N} with its owner and the moment of its expiry. The highest N holds. To take the right
 * is to make the file with the next N, which one process can do only: a hard link appears whole or not at all, also on
 * NFS. N is the fencing number. The owner renews the expiry every {@value #RENEWED_EVERY_SECONDS} s. A process that dies
 * renews nothing, so its lease expires. The clocks of the machines may differ by less than the term.
 */
final class LeaseRight implements IssuingRight {

    private static final Logger LOG = Logger.getLogger(LeaseRight.class);
    private static final String PREFIX = "lease.";
    private static final Duration TERM = Duration.ofSeconds(60);
    private static final Duration CLOCK_DIFFERENCE = TERM;
    private static final int RENEWED_EVERY_SECONDS = 20;

    private final Path folder;
    private final String owner;
    private final Clock clock;

    /** @param owner names this process among all that share the folder */
    LeaseRight(Path folder, String owner, Clock clock) {
        this.folder = folder;
        this.owner = owner;
        this.clock = clock;
    }

    @Override
    public Optional<Held> take() {
        try {
            PrivateFiles.makeFolder(folder);
            long newest = newest();
            if (newest > 0 && isHeld(expiry(newest))) {
                return Optional.empty();
            }
            return make(newest + 1) ? Optional.of(new Lease(newest + 1)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns true for the expiry of a lease that holds. A lease that expires too late is from a clock that was ahead. */
    private boolean isHeld(Instant expires) {
        Instant now = clock.instant();
        return expires.isAfter(now) && !expires.isAfter(now.plus(TERM).plus(CLOCK_DIFFERENCE));
    }

    private long newest() throws IOException {
        long newest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                newest = Math.max(newest, number(file));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return newest;
    }

    private static long number(Path file) {
        String digits = file.getFileName().toString().substring(PREFIX.length());
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }

    private Instant expiry(long number) throws IOException {
        try {
            return Instant.parse(String.valueOf(new JsonObject(Files.readString(file(number))).getString("expires")));
        } catch (NoSuchFileException e) {
            return Instant.EPOCH;
        } catch (DecodeException | ClassCastException | DateTimeException e) {
            return Files.getLastModifiedTime(file(number)).toInstant().plus(TERM);
        }
    }

    private boolean make(long number) throws IOException {
        Path temp = temp();
        AtomicFile.write(temp, content(clock.instant().plus(TERM)), AtomicFile.Ownership.PRIVATE);
        try {
            Files.createLink(file(number), temp);
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(temp);
        }
        Files.deleteIfExists(file(number - 1));
        return true;
    }

    private byte[] content(Instant expires) {
        return new JsonObject()
                .put("owner", owner)
                .put("expires", expires.toString())
                .encodePrettily()
                .getBytes(UTF_8);
    }

    private Path file(long number) {
        return folder.resolve(PREFIX + number);
    }

    private Path temp() {
        return folder.resolve("lease-" + owner.replaceAll("[^A-Za-z0-9.-]", "_") + ".tmp");
    }

    /** A lease of this process, renewed by a thread of its own. */
    private final class Lease implements Held {

        private final long number;
        private final AtomicBoolean isGivenBack = new AtomicBoolean();
        private final Thread renewal;
        private volatile Instant expires = clock.instant().plus(TERM);

        Lease(long number) {
            this.number = number;
            this.renewal = DaemonThread.start("turnout-acme-lease", this::renew);
        }

        /** A renewal that fails is made up for by the next, as long as the lease has not expired. */
        private void renew() {
            while (!isGivenBack.get() && expires.isAfter(clock.instant())) {
                try {
                    Thread.sleep(Duration.ofSeconds(RENEWED_EVERY_SECONDS).toMillis());
                    if (isStillOurs()) {
                        write(clock.instant().plus(TERM));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (IOException | RuntimeException | Error e) {
                    LOG.warnf("The lease in %s could not be renewed: %s", folder, e);
                }
            }
        }

        private synchronized void write(Instant until) throws IOException {
            if (!isGivenBack.get()) {
                new AtomicFile(file(number), temp(), AtomicFile.Ownership.PRIVATE).replace(content(until));
                expires = until;
            }
        }

        @Override
        public long fence() {
            return number;
        }

        @Override
        public boolean isStillOurs() {
            try {
                return expires.isAfter(clock.instant()) && newest() == number;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public boolean isTaken() {
            try {
                return newest() > number;
            } catch (IOException e) {
                return false;
            }
        }

        /** Lets the lease expire at once. The file stays: the next number counts on from it. */
        @Override
        public synchronized void close() {
            renewal.interrupt();
            try {
                if (isStillOurs()) {
                    write(Instant.EPOCH);
                }
            } catch (IOException e) {
                LOG.debugf("The lease in %s expires later: %s", folder, e);
            }
            isGivenBack.set(true);
        }
    }
}

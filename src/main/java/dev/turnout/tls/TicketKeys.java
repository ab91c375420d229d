package dev.turnout.tls;

import dev.turnout.store.AtomicFile;
import dev.turnout.store.PrivateFiles;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys of session tickets: the next one, the one that encrypts now, and the one before. They stand in the file
 * {@value #FILE}, which a successor and other Turnouts may share. The next key is known to all of them a whole period
 * before it encrypts. One thread at a time.
 */
final class TicketKeys {

    /** How long a key encrypts. */
    static final Duration PERIOD = Duration.ofHours(8);

    static final String FILE = "tickets";

    private static final Logger LOG = Logger.getLogger(TicketKeys.class);
    private static final int KEYS = 3;
    private static final int NOW = 1;

    private final Path folder;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private @Nullable Stored current;
    private boolean isWriteFailureTold;

    /**
     * What the file holds.
     *
     * @param rotated when the second key became the one that encrypts
     * @param keys next, now, before
     */
    private record Stored(Instant rotated, List<String> keys) {

        static Optional<Stored> parse(String text) {
            List<String> lines = text.lines().toList();
            try {
                Instant rotated = Instant.ofEpochMilli(Long.parseLong(lines.get(0)));
                List<String> keys = lines.subList(1, lines.size());
                boolean isWhole = keys.size() == KEYS && keys.stream().allMatch(Stored::isKey);
                return isWhole ? Optional.of(new Stored(rotated, keys)) : Optional.empty();
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }

        private static boolean isKey(String hex) {
            return HexFormat.of().parseHex(hex).length == OpenSslSessionTicketKey.TICKET_KEY_SIZE;
        }

        String text() {
            return rotated.toEpochMilli() + "\n" + String.join("\n", keys) + "\n";
        }
    }

    /** @param folder the folder of the file; nothing is read or made before {@link #look} */
    TicketKeys(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Reads the file, and rotates the keys if their time is over.
     *
     * @return true if the keys are other ones than before
     */
    boolean look() {
        Stored before = current;
        Optional<Stored> file = read();
        Stored due = rotated(newest(file, before).orElseGet(this::fresh));
        if (!file.equals(Optional.of(due))) {
            write(due);
        }
        current = due;
        return !due.equals(before);
    }

    /** Returns the file's keys, unless a newer rotation could not be written. */
    private static Optional<Stored> newest(Optional<Stored> file, @Nullable Stored own) {
        return file.filter(stored -> own == null || !stored.rotated().isBefore(own.rotated()))
                .or(() -> Optional.ofNullable(own));
    }

    /** Returns the keys: the first encrypts, the others only decrypt. */
    OpenSslSessionTicketKey[] keys() {
        Stored stored = current;
        if (stored == null) {
            throw new IllegalStateException("no look yet");
        }
        List<String> keys = stored.keys();
        return Stream.of(keys.get(NOW), keys.get(0), keys.get(2))
                .map(TicketKeys::key)
                .toArray(OpenSslSessionTicketKey[]::new);
    }

    private static OpenSslSessionTicketKey key(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        int hmac = OpenSslSessionTicketKey.NAME_SIZE;
        int aes = hmac + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOf(bytes, hmac),
                Arrays.copyOfRange(bytes, hmac, aes),
                Arrays.copyOfRange(bytes, aes, aes + OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    /** Rotates once for each period that has passed. A time far in the future comes from a clock that was wrong. */
    private Stored rotated(Stored stored) {
        Instant now = clock.instant();
        long periods = stored.rotated().isAfter(now.plus(PERIOD))
                ? 1
                : Duration.between(stored.rotated(), now).dividedBy(PERIOD);
        if (periods <= 0) {
            return stored;
        }
        List<String> keys = stored.keys();
        for (long i = 0; i < Math.min(periods, KEYS); i++) {
            keys = List.of(random(), keys.get(0), keys.get(NOW));
        }
        return new Stored(now, keys);
    }

    private Stored fresh() {
        return new Stored(clock.instant(), List.of(random(), random(), random()));
    }

    private String random() {
        byte[] bytes = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Optional<Stored> read() {
        Path file = folder.resolve(FILE);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Stored.parse(new String(PairFiles.bounded(file), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.debugf("The keys of session tickets in %s can't be read: %s", file, e);
            return Optional.empty();
        }
    }

    private void write(Stored stored) {
        Path file = folder.resolve(FILE);
        Path temp = folder.resolve(FILE + "." + ProcessHandle.current().pid());
        try {
            PrivateFiles.makeFolder(folder);
            new AtomicFile(file, temp, AtomicFile.Ownership.PRIVATE)
                    .replace(stored.text().getBytes(StandardCharsets.US_ASCII));
            isWriteFailureTold = false;
        } catch (IOException e) {
            if (!isWriteFailureTold) {
                LOG.warnf(
                        "The keys of session tickets can't be written to %s (%s). Sessions are resumed until a restart."
                                + " Make the folder writable for this user.",
                        file, FileAccess.explain(file, e).english());
            }
            isWriteFailureTold = true;
        }
    }
}

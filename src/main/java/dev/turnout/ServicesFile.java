package dev.turnout;

import dev.turnout.config.RunTimeServices;
import dev.turnout.config.TurnoutConfig;
import dev.turnout.routing.NextSettings;
import dev.turnout.store.AtomicFile;
import dev.turnout.store.Uninterrupted;
import dev.turnout.switching.ChangeRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The file of the services that are given at run time. It is written before the routing state, so that a crash leaves a
 * service that is configured and begins as at a first start, or none.
 */
final class ServicesFile {

    private static final Logger LOG = Logger.getLogger(ServicesFile.class);

    private ServicesFile() {}

    /** Returns settings that write the services of the next configuration when they are persisted. */
    static NextSettings with(NextSettings prepared, TurnoutConfig before, TurnoutConfig next) {
        Path file = RunTimeServices.file(next.state().directory());
        AtomicBoolean isWritten = new AtomicBoolean();
        return new NextSettings() {
            @Override
            public boolean needsPublish() {
                return prepared.needsPublish();
            }

            @Override
            public void persist() {
                prepared.persist();
                try {
                    write(file, RunTimeServices.of(next));
                } catch (IOException e) {
                    throw new ChangeRefused(
                            ChangeRefused.Reason.STATE_NOT_SAVED,
                            file + " can't be written (" + e.getMessage()
                                    + "). Nothing has changed: make room or mend the disk, then try again.");
                }
                isWritten.set(true);
            }

            @Override
            public void apply() {
                prepared.apply();
            }

            @Override
            public void giveUp() {
                prepared.giveUp();
                if (isWritten.get()) {
                    putBack(file, before);
                }
            }
        };
    }

    private static void putBack(Path file, TurnoutConfig before) {
        try {
            Uninterrupted.run(() -> write(file, RunTimeServices.of(before)));
        } catch (IOException e) {
            LOG.errorf(
                    "%s could not be put back to what is in force (%s): a restart would bring the refused change"
                            + " into force.",
                    file, e.getMessage());
        }
    }

    private static void write(Path file, RunTimeServices services) throws IOException {
        new AtomicFile(file, file.resolveSibling(file.getFileName() + ".new"), AtomicFile.Ownership.PRIVATE)
                .replace(services.text().getBytes(StandardCharsets.UTF_8));
    }
}

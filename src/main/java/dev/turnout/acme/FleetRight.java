package dev.turnout.acme;

import dev.turnout.fleet.FleetFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The right among the members of a fleet. Who takes it has what former orders have left, whichever member they were made by.
 * Outside of a fleet it is the right of the machine.
 */
final class FleetRight implements IssuingRight {

    private final Supplier<Optional<FleetFiles>> fleet;
    private final FleetFolder folder;
    private final IssuingRight ofMachine;

    FleetRight(Supplier<Optional<FleetFiles>> fleet, FleetFolder folder, IssuingRight ofMachine) {
        this.fleet = fleet;
        this.folder = folder;
        this.ofMachine = ofMachine;
    }

    @Override
    public Optional<Held> take() {
        Optional<FleetFiles> files = fleet.get();
        if (files.isEmpty()) {
            return ofMachine.take();
        }
        try {
            Optional<FleetFiles.Right> right = files.get().take();
            return right.isEmpty() ? Optional.empty() : Optional.of(begin(files.get(), right.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Held begin(FleetFiles files, FleetFiles.Right right) throws IOException {
        try {
            folder.begin(files, right);
            return new OfMember(right, folder);
        } catch (IOException | RuntimeException e) {
            right.close();
            throw e;
        }
    }

    /** The right of this member. */
    private record OfMember(FleetFiles.Right right, FleetFolder folder) implements Held {

        @Override
        public long fence() {
            return right.number();
        }

        @Override
        public boolean isStillOurs() {
            return right.isHeld();
        }

        @Override
        public boolean isTaken() {
            return right.isTaken();
        }

        @Override
        public void close() {
            folder.end();
            right.close();
        }
    }
}

package dev.turnout.routing;

/** Begins and ends the rehearsal of services, and tells what it has found. Any thread. No method blocks. */
public interface RehearsalControl {

    /** The control of a plane that carries no request itself, and so can copy none. */
    RehearsalControl NONE = new RehearsalControl() {
        @Override
        public boolean isPossible() {
            return false;
        }

        @Override
        public void begin(String service, double percent) {}

        @Override
        public void end(String service) {}

        @Override
        public RehearsalFigures figures(String service) {
            return RehearsalFigures.NONE;
        }
    };

    /** Returns true if requests can be copied. */
    boolean isPossible();

    /**
     * Copies a share of the safe requests of a service to its idle slot from now on, and counts anew. It holds up to {@link
     * #end}, in place of the configured share.
     *
     * @param percent above 0, up to 100
     */
    void begin(String service, double percent);

    /** Copies no request of a service from now on, whatever is configured. */
    void end(String service);

    /** Returns what is counted of a service. */
    RehearsalFigures figures(String service);
}

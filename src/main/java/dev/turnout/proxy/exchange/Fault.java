package dev.turnout.proxy.exchange;

/**
 * Whose fault the end of an exchange is. Only {@link #TARGET} counts for {@code failures}, passive health and a watch:
 * what clients do must not make a version look bad.
 *
 * <p>The end decides, and where the end is a silence, the {@link Turn} does:
 *
 * <pre>
 *                  TARGET_ACCEPTS  CLIENT_SENDS  TARGET_TAKES  TARGET_ANSWERS  TARGET_SENDS  CLIENT_TAKES  NOBODY
 * COMPLETE         nobody          nobody        nobody        nobody          nobody        nobody        nobody
 * CLIENT_GONE      client          client        client        client          client        client        client
 * BAD_REQUEST      client          client        client        client          client        client        client
 * BAD_RESPONSE     target          target        target        target          target        target        target
 * TARGET_CLOSED    target          target *      target        target          target *      target *      target
 * CALL_CANCELLED   client          client        client        client          client        client        client
 * CONNECT_FAILED   target          target        target        target          target        target        target
 * REDIRECTED       nobody          nobody        nobody        nobody          nobody        nobody        nobody
 * NOT_SENDABLE     client          client        client        client          client        client        client
 * NO_RESOURCES     turnout         turnout       turnout       turnout         turnout       turnout       turnout
 * TIMED_OUT        target          client        target        target          target        client        turnout
 * CUT              turnout         turnout       turnout       turnout         turnout       turnout       turnout
 * </pre>
 *
 * <p>* The client's, if it has held up this message ({@link Turn#isStall}): servers close the connections of clients
 * that do not send or do not read, or do so too slowly.
 */
enum Fault {
    NOBODY,
    CLIENT,
    TARGET,
    TURNOUT;

    /**
     * Returns whose fault an end is.
     *
     * @param end how the exchange ends
     * @param turn who had to move next
     * @param clientStalled whether the client has held up the message at hand, see {@link Turn#isStall}
     */
    static Fault of(ExchangeEnd end, Turn turn, boolean clientStalled) {
        return switch (end) {
            case COMPLETE, REDIRECTED -> NOBODY;
            case CLIENT_GONE, BAD_REQUEST, NOT_SENDABLE, CALL_CANCELLED -> CLIENT;
            case BAD_RESPONSE, CONNECT_FAILED -> TARGET;
            case TARGET_CLOSED -> clientStalled && mayTireOfClient(turn) ? CLIENT : TARGET;
            case NO_RESOURCES, CUT -> TURNOUT;
            case TIMED_OUT -> turn == Turn.NOBODY ? TURNOUT : turn.isClients() ? CLIENT : TARGET;
        };
    }

    private static boolean mayTireOfClient(Turn turn) {
        return turn.isClients() || turn == Turn.TARGET_SENDS;
    }
}

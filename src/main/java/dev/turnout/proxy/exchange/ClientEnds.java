package dev.turnout.proxy.exchange;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The addresses of both ends of one client's connection, and what is to be done at its end. Event loop only. */
public final class ClientEnds {

    private final InetSocketAddress client;
    private final InetSocketAddress local;
    private final List<Runnable> atEnd = new ArrayList<>(0);
    private boolean hasEnded;

    /**
     * @param client the client's address
     * @param local the address that the client connected to
     */
    public ClientEnds(InetSocketAddress client, InetSocketAddress local) {
        this.client = client;
        this.local = local;
    }

    public InetSocketAddress client() {
        return client;
    }

    public InetSocketAddress local() {
        return local;
    }

    /** Returns true if the client's connection has ended. */
    public boolean hasEnded() {
        return hasEnded;
    }

    /** Has something done once the client's connection has ended, which it has not yet. */
    public void atEnd(Runnable task) {
        atEnd.add(task);
    }

    /** Called once, when the client's connection has ended. */
    public void end() {
        hasEnded = true;
        atEnd.forEach(Runnable::run);
    }
}

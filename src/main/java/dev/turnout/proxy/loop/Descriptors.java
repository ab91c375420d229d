package dev.turnout.proxy.loop;

import dev.turnout.config.LogLimit;
import dev.turnout.routing.Warning;
import io.netty.channel.ChannelException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The file descriptors of this process: how many clients they carry, and what is done when none is left.
 *
 * <p>A client needs one descriptor, and its request needs another one for the target. So clients get what the requests
 * in flight leave, and a request that has been accepted finds a descriptor. If descriptors run out though, because
 * something else in the process or on the machine took them, a small reserve is given up. With it the admin server can
 * accept an operator, and files can be written. The reserve is taken back once that is possible. Any thread.
 */
public final class Descriptors {

    private static final Logger LOG = Logger.getLogger(Descriptors.class);

    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path NOTHING = Path.of("/dev/null");
    private static final String LIMIT = "Max open files";

    /** For what is opened later and is no traffic: the admin port, probes, state, look-ups. */
    private static final int SPARE = 64;

    /** What part of the descriptors pipes may take: one of so many. */
    private static final int PIPE_SHARE = 16;

    private static final int PIPE_ENDS = 2;

    private static final int RESERVE = 8;
    private static final int FEWEST_CLIENTS = 8;
    private static final int UNLIMITED = Integer.MAX_VALUE;

    /** How long none may have been missing before the shortage is over. */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int limit;
    private final int free;
    private volatile int connections;
    private volatile int clients;
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean isFull;

    /** Clients come and go at the limit. */
    private final LogLimit lines = new LogLimit();

    private final List<Closeable> reserve = new ArrayList<>();
    private volatile boolean isShort;
    private long shortSinceNanos;
    private long lastMissingNanos;
    private long missing;

    /**
     * @param limit how many this process may have
     * @param open how many it has before the first client
     * @param connections the configured limit of clients
     * @param requests the configured limit of requests in flight
     */
    public Descriptors(int limit, int open, int connections, int requests) {
        this.limit = limit;
        this.free = Math.max(0, limit - open - SPARE);
        share(connections, requests);
    }

    /**
     * Shares the descriptors between clients and requests.
     *
     * @param mostConnections the configured limit of clients
     * @param requests the configured limit of requests in flight
     */
    public void share(int mostConnections, int requests) {
        connections = mostConnections;
        clients = Math.max(FEWEST_CLIENTS, free - Math.min(requests, free / 2));
    }

    /**
     * Returns the descriptors of this process, with a reserve opened. The check at the start has said if they are too few.
     *
     * @param loops how many event loops there are, each of which may have {@link #pipes}
     */
    public static Descriptors ofProcess(int loops, int connections, int requests) {
        int limit = limit();
        int ofPipes = loops * pipes(limit, loops) * PIPE_ENDS;
        Descriptors descriptors = new Descriptors(limit, open() + ofPipes, connections, requests);
        descriptors.openReserve();
        return descriptors;
    }

    /** Returns how many pipes each of so many event loops may have. */
    public int pipes(int loops) {
        return pipes(limit, loops);
    }

    private static int pipes(int limit, int loops) {
        return Math.min(Pipes.MOST, limit / PIPE_SHARE / PIPE_ENDS / loops);
    }

    private static int limit() {
        try (Stream<String> lines = Files.lines(LIMITS)) {
            return lines.filter(line -> line.startsWith(LIMIT))
                    .map(line -> line.substring(LIMIT.length()).strip().split("\\s+")[0])
                    .mapToInt(Descriptors::number)
                    .findFirst()
                    .orElse(UNLIMITED);
        } catch (IOException e) {
            return UNLIMITED;
        }
    }

    /** Returns a number that the system has written. A text that is no number stands for no limit. */
    private static int number(String text) {
        try {
            return (int) Math.min(UNLIMITED, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return UNLIMITED;
        }
    }

    private static int open() {
        try (Stream<Path> open = Files.list(OPEN)) {
            return (int) open.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The failure of an attempt to open a socket, which says nothing about the target. */
    public static final class Missing extends ChannelException {

        private static final long serialVersionUID = 1;

        Missing(Throwable cause) {
            super("no file descriptor for a connection to a target", cause);
        }
    }

    /** Returns how many clients the descriptors carry, with a request each. */
    public int clients() {
        return clients;
    }

    /** Returns true if the descriptors carry fewer clients than are configured. */
    boolean isBelowConnections() {
        return clients < connections;
    }

    /** Counts a client that was accepted. */
    public void opened() {
        accepted.incrementAndGet();
    }

    /** Counts a client whose descriptor is free again. */
    public void closed() {
        accepted.decrementAndGet();
    }

    /** Returns true if a further client can be accepted and leave a descriptor for each request. */
    public boolean carryMore() {
        boolean more = accepted.get() < clients;
        if (more == isFull) {
            isFull = !more;
            if (!more && lines.mayWrite()) {
                LOG.warnf(
                        "%d clients are connected, as many as the limit of %d open files carries."
                                + " New clients wait until one has gone. Raise LimitNOFILE or ulimit -n.",
                        clients, limit);
            }
        }
        return more;
    }

    private String tooFew() {
        return "The limit of " + limit + " open files carries " + clients
                + " clients and as many requests at a time, not turnout.limits.connections=" + connections
                + ". Further clients wait to be accepted. Raise LimitNOFILE or ulimit -n, or lower the key.";
    }

    private String tooFewInKorean() {
        return "열 수 있는 파일 " + limit + "개로는 동시에 클라이언트 " + clients + "개와 같은 수의 요청만 처리합니다(turnout.limits.connections="
                + connections + "). 나머지 클라이언트는 대기합니다. LimitNOFILE이나 ulimit -n을 늘리거나 이 키의 값을 줄이십시오.";
    }

    /** Called when a descriptor was needed and there was none. */
    public synchronized void ranOut() {
        lastMissingNanos = System.nanoTime();
        missing++;
        if (!isShort) {
            isShort = true;
            shortSinceNanos = lastMissingNanos;
            closeReserve();
            LOG.errorf(
                    "No file descriptor is left (limit %d). New clients wait until one is free. Requests that need a"
                            + " new connection to a target get 503 no-descriptors. Raise LimitNOFILE or ulimit -n.",
                    limit);
        }
    }

    /** Returns true if descriptors are short now. */
    boolean areShort() {
        return isShort;
    }

    /** Ends a shortage if the reserve can be opened again. Called repeatedly. */
    public void recover() {
        if (isShort) {
            tryToRecover();
        }
    }

    private synchronized void tryToRecover() {
        long now = System.nanoTime();
        if (isShort && now - lastMissingNanos > CALM_NANOS && openReserve()) {
            isShort = false;
            LOG.infof(
                    "File descriptors are free again after %d s. One was missing %d times.",
                    TimeUnit.NANOSECONDS.toSeconds(now - shortSinceNanos), missing);
            missing = 0;
        }
    }

    private boolean openReserve() {
        try {
            while (reserve.size() < RESERVE) {
                reserve.add(FileChannel.open(NOTHING));
            }
            return true;
        } catch (IOException e) {
            closeReserve();
            return !Files.exists(NOTHING);
        }
    }

    private void closeReserve() {
        for (Closeable descriptor : reserve) {
            try {
                descriptor.close();
            } catch (IOException e) {
                LOG.debug("A descriptor of the reserve could not be closed", e);
            }
        }
        reserve.clear();
    }

    /** Returns what an operator should know now. */
    public Optional<Warning> warning() {
        if (isShort) {
            return Optional.of(new Warning(
                    "no-descriptors",
                    "No file descriptor is left (limit " + limit
                            + "): new clients wait, and requests that need a new connection to a target get 503 no-descriptors.",
                    "파일 디스크립터가 남아 있지 않습니다(한도 " + limit
                            + "). 새 클라이언트는 대기하고, 대상에 새로 연결해야 하는 요청에는 503 no-descriptors로 응답합니다."));
        }
        return isFull ? Optional.of(new Warning("few-descriptors", tooFew(), tooFewInKorean())) : Optional.empty();
    }
}

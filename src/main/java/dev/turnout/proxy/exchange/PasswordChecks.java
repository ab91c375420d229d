package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import dev.turnout.config.DaemonThread;
import dev.turnout.config.ThreadShortage;
import dev.turnout.proxy.http1.BasicCredentials;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The checks of passwords, which take long by intention: on a few threads of their own, with a short queue for each
 * client address. The addresses take turns, so a client that guesses passwords keeps others waiting for one check at
 * most. A password that was right is known from then on by a keyed hash of it, and costs no check. Any thread.
 */
public final class PasswordChecks {

    /** How many checks of one client address wait at a time. */
    static final int MOST_OF_ADDRESS = 8;

    /** How many checks wait at a time. */
    static final int MOST = 256;

    /** How many right passwords are known at a time. */
    private static final int MOST_KNOWN = 10_000;

    private static final Logger LOG = Logger.getLogger(PasswordChecks.class);
    private static final String HASH = "HmacSHA256";
    private static final int IPV6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;
    private static final long IDLE_SECONDS = 10;

    /** What became of a wish to have a password checked. */
    enum Taken {
        /** The listener will be told. */
        YES,
        /** The address has as many checks waiting as it may. */
        TOO_MANY_OF_ADDRESS,
        /** As many checks wait as may. */
        TOO_MANY
    }

    /** Whoever wants to know. */
    interface Listener {

        /** Called once with the result, on a thread of the checks. */
        void checked(boolean isRight);
    }

    /**
     * A password to be checked.
     *
     * @param password the bytes
     * @param hash of the right password
     * @param isUser false if there is no such user: then no password is right
     * @param key what the pair of password and hash is known by
     */
    record Question(byte[] password, String hash, boolean isUser, ByteBuffer key) {}

    private static final class Check {

        private final Question question;
        private final List<Listener> listeners = new ArrayList<>(1);

        Check(Question question) {
            this.question = question;
        }
    }

    private final SecretKeySpec secret;
    private final Executor threads;
    private final ThreadShortage shortage = new ThreadShortage("to check passwords");
    private final Set<ByteBuffer> known = ConcurrentHashMap.newKeySet();

    /** The checks that wait or run. Guarded by this. */
    private final Map<ByteBuffer, Check> open = new HashMap<>();

    /** The checks that wait, by the address of their client, in the order of turns. Guarded by this. */
    private final Map<ByteBuffer, Queue<Check>> waiting = new LinkedHashMap<>();

    private int count;

    /** Makes the secret of this process. */
    public PasswordChecks() {
        this(threads(Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2))));
    }

    PasswordChecks(Executor threads) {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        this.secret = new SecretKeySpec(bytes, HASH);
        this.threads = threads;
    }

    /** The queue needs no limit of its own: each task in it stands for a check that waits. */
    private static Executor threads(int most) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> DaemonThread.of("turnout-passwords", work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Returns what is to be checked of credentials. */
    Question question(BasicCredentials given, String hash, boolean isUser) {
        try {
            Mac mac = Mac.getInstance(HASH);
            mac.init(secret);
            mac.update(hash.getBytes(UTF_8));
            mac.update(given.user().getBytes(UTF_8));
            mac.update((byte) 0);
            return new Question(given.password(), hash, isUser, ByteBuffer.wrap(mac.doFinal(given.password())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has no " + HASH, e);
        }
    }

    /** Returns true if the password is known to be right. */
    boolean isKnown(Question question) {
        return known.contains(question.key());
    }

    /**
     * Has a password checked. Requests that ask the same at the same time share one check.
     *
     * @param client the address of the client; null if it is not known: all such clients have one queue
     */
    synchronized Taken check(Question question, @Nullable InetAddress client, Listener listener) {
        Check same = open.get(question.key());
        if (same != null) {
            same.listeners.add(listener);
            return Taken.YES;
        }
        if (count >= MOST) {
            return Taken.TOO_MANY;
        }
        ByteBuffer address = network(client);
        Queue<Check> ofAddress = waiting.computeIfAbsent(address, none -> new ArrayDeque<>());
        if (ofAddress.size() >= MOST_OF_ADDRESS) {
            return Taken.TOO_MANY_OF_ADDRESS;
        }
        Check check = new Check(question);
        check.listeners.add(listener);
        open.put(question.key(), check);
        ofAddress.add(check);
        count++;
        try {
            threads.execute(this::runNext);
        } catch (OutOfMemoryError e) {
            shortage.noted(e);
            takeBack(check, address, ofAddress);
            return Taken.TOO_MANY;
        }
        return Taken.YES;
    }

    private void takeBack(Check check, ByteBuffer address, Queue<Check> ofAddress) {
        open.remove(check.question.key());
        ofAddress.remove(check);
        if (ofAddress.isEmpty()) {
            waiting.remove(address);
        }
        count--;
    }

    /** Takes a wish back. A check that nobody waits for any more is left out. */
    synchronized void forget(Question question, Listener listener) {
        Check check = open.get(question.key());
        if (check != null) {
            check.listeners.remove(listener);
        }
    }

    /** Returns the address, or the network of an IPv6 address. */
    private static ByteBuffer network(@Nullable InetAddress client) {
        byte[] bytes = client == null ? new byte[0] : client.getAddress();
        return ByteBuffer.wrap(bytes, 0, bytes.length == IPV6_BYTES ? NETWORK_BYTES : bytes.length);
    }

    private void runNext() {
        Check check = next();
        if (check != null) {
            boolean isRight = isRight(check.question);
            if (isRight) {
                remember(check.question);
            }
            for (Listener listener : ended(check)) {
                listener.checked(isRight);
            }
        }
    }

    /** Returns the next check of the address whose turn it is; null if nobody waits for that any more, or none is left. */
    private synchronized @Nullable Check next() {
        Iterator<Map.Entry<ByteBuffer, Queue<Check>>> turns = waiting.entrySet().iterator();
        if (!turns.hasNext()) {
            // The task of a check that was taken back.
            return null;
        }
        Map.Entry<ByteBuffer, Queue<Check>> turn = turns.next();
        ByteBuffer address = turn.getKey();
        Queue<Check> ofAddress = turn.getValue();
        turns.remove();
        Check check = ofAddress.remove();
        count--;
        if (!ofAddress.isEmpty()) {
            waiting.put(address, ofAddress);
        }
        if (check.listeners.isEmpty()) {
            open.remove(check.question.key());
            return null;
        }
        return check;
    }

    private synchronized List<Listener> ended(Check check) {
        open.remove(check.question.key());
        return check.listeners;
    }

    /** The bytes behind the 72nd do not count, as in every program that uses bcrypt. The comparison takes the same time for all. */
    private static boolean isRight(Question question) {
        try {
            boolean isSame = BCrypt.verifyer(
                            BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                    .verify(question.password(), question.hash().getBytes(UTF_8))
                    .verified;
            return isSame && question.isUser();
        } catch (RuntimeException e) {
            LOG.errorf(e, "A password could not be checked. The client gets 401.");
            return false;
        }
    }

    /** Forgets some other password if there are too many: that costs its user one check. */
    private void remember(Question question) {
        Iterator<ByteBuffer> others = known.iterator();
        while (known.size() >= MOST_KNOWN && others.hasNext()) {
            others.next();
            others.remove();
        }
        known.add(question.key());
    }
}

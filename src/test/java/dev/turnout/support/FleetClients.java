package dev.turnout.support;

import dev.turnout.support.EpochOrder.Note;
import dev.turnout.support.wire.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients of a fleet that note under which epoch each of their requests was answered: the application of each slot answers
 * with the epoch that it serves in.
 */
public final class FleetClients implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Note> notes = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean isStopping;

    /**
     * A request that was not answered by an application.
     *
     * @param nanos when the client noticed
     */
    public record Failure(long nanos, String member, String what) {}

    /**
     * Starts clients at each member.
     *
     * @param fronts the addresses, by the names of the members
     * @param each how many clients each has
     */
    public static FleetClients of(SortedMap<String, URI> fronts, int each) {
        FleetClients clients = new FleetClients();
        fronts.forEach((member, front) -> {
            for (int i = 0; i < each; i++) {
                Thread thread = new Thread(() -> clients.ask(member, front), "client of " + member);
                thread.setDaemon(true);
                clients.threads.add(thread);
            }
        });
        clients.threads.forEach(Thread::start);
        return clients;
    }

    private void ask(String member, URI front) {
        while (!isStopping) {
            try (RawClient connection = RawClient.to(front)) {
                boolean goesOn = true;
                while (!isStopping && goesOn) {
                    goesOn = askOnce(member, connection);
                    Await.pause(PAUSE);
                }
            } catch (IOException e) {
                failures.add(new Failure(System.nanoTime(), member, e.toString()));
                Await.pause(Duration.ofMillis(20));
            }
        }
    }

    private boolean askOnce(String member, RawClient connection) throws IOException {
        long sent = System.nanoTime();
        connection.get("/");
        Response response = connection.read();
        long arrived = System.nanoTime();
        if (response.status() != 200) {
            throw new IOException("status " + response.status() + ": " + response.text());
        }
        notes.add(new Note(sent, arrived, member, Long.parseLong(response.text())));
        return !response.announcesClose();
    }

    /** Returns how many answers there were of each member. */
    public SortedMap<String, Integer> answers() {
        SortedMap<String, Integer> answers = new TreeMap<>();
        notes.forEach(note -> answers.merge(note.member(), 1, Integer::sum));
        return answers;
    }

    /** Returns what each answer was made under. */
    public List<Note> notes() {
        return List.copyOf(notes);
    }

    /** Returns the requests that were not answered by an application. */
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** Has each client finish its request. */
    @Override
    public void close() {
        isStopping = true;
        Threads.join(threads);
    }
}

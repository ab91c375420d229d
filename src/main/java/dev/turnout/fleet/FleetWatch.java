package dev.turnout.fleet;

import dev.turnout.fleet.decision.FleetKey;
import dev.turnout.fleet.decision.FleetValue.Counts;
import dev.turnout.fleet.decision.FleetValue.Watching;
import dev.turnout.fleet.decision.StoreContents;
import dev.turnout.fleet.decision.StoreContents.Entry;
import dev.turnout.fleet.decision.StoreUpdate;
import dev.turnout.fleet.decision.StoreUpdate.Condition;
import dev.turnout.fleet.decision.StoreUpdate.Edit;
import dev.turnout.fleet.decision.StoreUpdate.Purpose;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A switch that this member watches: the other members say once a second what they see, until this is closed. Any thread.
 */
public final class FleetWatch implements AutoCloseable {

    private final FleetLoop loop;
    private final String member;
    private final String process;
    private final String service;
    private final long epoch;

    FleetWatch(FleetLoop loop, String member, String process, String service, long epoch) {
        this.loop = loop;
        this.member = member;
        this.process = process;
        this.service = service;
        this.epoch = epoch;
    }

    /** Returns the name of this member. */
    public String member() {
        return member;
    }

    /** Returns the names of the other members. */
    public SortedSet<String> others() {
        SortedSet<String> others = new TreeSet<>(loop.view().roster().keySet());
        others.remove(member);
        return others;
    }

    /** Returns true if the store can't be read now. */
    public boolean isBlind() {
        return loop.view().trouble().isPresent();
    }

    /** Returns what other members have said last: what {@link FleetTraffic#seen} returned there. */
    public SortedMap<String, JsonObject> counts() {
        Optional<StoreContents> contents = loop.view().contents();
        contents.filter(known -> !isAsked(known)).ifPresent(this::ask);
        SortedMap<String, JsonObject> counts = new TreeMap<>();
        String folder = FleetKey.COUNTS + service + "/";
        contents.ifPresent(known -> known.under(folder).forEach((key, entry) -> {
            if (entry.value() instanceof Counts said && said.epoch() == epoch) {
                object(said.traffic())
                        .ifPresent(traffic -> counts.put(key.path().substring(folder.length()), traffic));
            }
        }));
        return counts;
    }

    private static Optional<JsonObject> object(String text) {
        try {
            return Optional.of(new JsonObject(text));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private boolean isAsked(StoreContents contents) {
        Entry asked = contents.entry(FleetKey.watch(service));
        return asked != null && asked.value().equals(asking());
    }

    private Watching asking() {
        return new Watching(epoch, process);
    }

    /** Asks until the store has it: the same update is under way once only. */
    private void ask(StoreContents contents) {
        FleetKey key = FleetKey.watch(service);
        send(
                List.of(new Condition.Written(key, contents.written(key))),
                List.of(new Edit.PutLeased(key, asking()), new Edit.DeleteUnder(FleetKey.COUNTS + service + "/")));
    }

    /** Has the others say no more. */
    @Override
    public void close() {
        FleetKey key = FleetKey.watch(service);
        loop.view()
                .contents()
                .filter(this::isAsked)
                .ifPresent(contents -> send(
                        List.of(new Condition.Written(key, contents.written(key))),
                        List.of(new Edit.Delete(key), new Edit.DeleteUnder(FleetKey.COUNTS + service + "/"))));
    }

    private void send(List<Condition> when, List<Edit> then) {
        loop.later(() -> loop.send(new StoreUpdate(Purpose.WATCH, when, then), answer -> {}));
    }
}

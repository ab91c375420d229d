package dev.turnout.switching;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The report that a switch of several services answers with.
 *
 * @param receipts of the services, by name; at least one
 */
public record JointReceipt(SortedMap<String, Receipt> receipts) {

    JointReceipt(Map<String, Receipt> receipts) {
        this(new TreeMap<>(receipts));
    }

    /**
     * Returns the receipt of the first service that has changed, with {@code services[]}: the receipt of each. {@code changed,
     * drain, switchedAt, finishedAt, warnings} are those of all: whoever looks at one service only stops no old version too
     * early.
     */
    public JsonObject json(GateDetail detail) {
        Collection<Receipt> all = receipts.values();
        Receipt first = all.stream().filter(Receipt::changed).findFirst().orElseGet(() -> all.iterator()
                .next());
        JsonObject json = first.json(detail);
        List<String> warnings = all.stream()
                .flatMap(receipt -> receipt.warnings().stream().map(warning -> receipt.service() + ": " + warning))
                .toList();
        return json.put("changed", all.stream().anyMatch(Receipt::changed))
                .put("switchedAt", last(all.stream().map(Receipt::switchedAt).toList()))
                .put(
                        "finishedAt",
                        all(Receipt::finishedAt)
                                ? last(all.stream().map(Receipt::finishedAt).toList())
                                : null)
                .put("drain", drain(json))
                .put("warnings", new JsonArray(warnings))
                .put(
                        "services",
                        new JsonArray(all.stream()
                                .map(receipt -> receipt.json(detail))
                                .toList()));
    }

    private @Nullable JsonObject drain(JsonObject first) {
        boolean isDrained = receipts.values().stream()
                .allMatch(
                        receipt -> receipt.drain().filter(DrainReport::drained).isPresent());
        return all(Receipt::drain) && first.getValue("drain") instanceof JsonObject drain
                ? drain.copy().put("drained", isDrained)
                : null;
    }

    private boolean all(Function<Receipt, Optional<?>> member) {
        return receipts.values().stream()
                .allMatch(receipt -> member.apply(receipt).isPresent());
    }

    private static @Nullable String last(List<Optional<Instant>> instants) {
        return instants.stream()
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .map(Instant::toString)
                .orElse(null);
    }
}

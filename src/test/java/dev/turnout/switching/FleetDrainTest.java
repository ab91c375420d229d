package dev.turnout.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.routing.CutRequest;
import dev.turnout.routing.CutRequests;
import dev.turnout.routing.Target;
import dev.turnout.switching.FleetReport.Part;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The drains of all members of a fleet")
final class FleetDrainTest {

    private static DrainReport report(boolean isDrained, long waited, CutRequest... cut) {
        return new DrainReport(
                isDrained,
                waited,
                3,
                cut.length == 0 ? CutRequests.NONE : new CutRequests(List.of(cut), cut.length),
                1,
                2,
                4,
                waited * 2,
                Optional.empty());
    }

    /** As the store has it: a text. */
    private static Part part(DrainReport drain) {
        return Part.of(new JsonObject().put("drain", DrainJson.of(drain)).encode());
    }

    private static FleetReport fleet(String state, Part first, Part second) {
        TreeMap<String, Part> parts = new TreeMap<>();
        parts.put("m0", first);
        parts.put("m1", second);
        return new FleetReport(7, "c1", state, List.of(), List.of(), parts);
    }

    @Test
    @DisplayName("are one: counts are added up, and times are the longest")
    void sums() {
        DrainReport sum = FleetDrain.sum(fleet("drained", part(report(true, 20)), part(report(true, 50))));

        assertThat(sum.drained()).isTrue();
        assertThat(sum.waitedMillis()).isEqualTo(50);
        assertThat(sum.completed()).isEqualTo(6);
        assertThat(sum.webSocketsClosed()).isEqualTo(2);
        assertThat(sum.streamsEnded()).isEqualTo(4);
        assertThat(sum.sessions()).isEqualTo(8);
        assertThat(sum.sessionMillis()).isEqualTo(100);
        assertThat(sum.doubt("slot blue")).isEmpty();
    }

    @Test
    @DisplayName("name the requests that any member has cut")
    void cut() {
        CutRequest request = new CutRequest("GET", "/a", 12, Target.parse("127.0.0.1:9001"));

        DrainReport sum = FleetDrain.sum(fleet("drained", part(report(true, 1)), part(report(false, 1, request))));

        assertThat(sum.drained()).isFalse();
        assertThat(sum.cut().named()).containsExactly(request);
    }

    @Test
    @DisplayName("are in doubt unless the receipt says that all have drained, and each of them says so")
    void doubt() {
        Part good = part(report(true, 1));

        assertThat(FleetDrain.sum(fleet("drained", good, part(report(false, 1))))
                        .drained())
                .isFalse();
        assertThat(FleetDrain.sum(fleet("drained", good, Part.of("no JSON"))).drained())
                .isFalse();
        DrainReport open = FleetDrain.sum(fleet("open", good, good));
        assertThat(open.drained()).isFalse();
        assertThat(open.doubt("slot blue").orElseThrow()).contains("open", "m0, m1");
        assertThat(FleetDrain.sum(FleetReport.open(7, "c1", List.of()))
                        .doubt("slot blue")
                        .orElseThrow())
                .contains("nobody");
    }

    @Test
    @DisplayName("come with what each member did for its vote, and with warnings of those that served in doubt")
    void votes() {
        JsonObject vote = new JsonObject()
                .put("held", true)
                .put("heldMillis", 12)
                .put("heldRequests", 3)
                .put("servedInDoubt", true);
        Part doubting = Part.of(new JsonObject()
                .put("vote", vote)
                .put("drain", DrainJson.of(report(true, 1)))
                .encode());
        FleetReport fleet = fleet("drained", part(report(true, 1)), doubting);

        assertThat(fleet.servedInDoubt()).containsExactly("m1");
        assertThat(fleet.warnings()).singleElement().asString().startsWith("Member m1 of the fleet was in doubt");
        JsonObject json = fleet.json();
        assertThat(json.getJsonArray("members").getJsonObject(1).getJsonObject("vote"))
                .isEqualTo(vote);
        assertThat(json.getJsonArray("members").getJsonObject(0).getValue("vote"))
                .isNull();
        FleetReport without = new FleetReport(7, "c1", "not-drained", List.of(), List.of("m9"), new TreeMap<>());
        assertThat(without.warnings()).singleElement().asString().contains("m9 of the fleet was left out");
    }
}

package dev.turnout.doctor;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminPath;
import dev.turnout.text.Counted;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether requests to the running Turnout wait for connections to the targets of a service that has a limit of them. */
final class WaitingRequestsCheck implements Check {

    private static final String WORD = "waiting-requests";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AdminClient turnout;
    private final String service;
    private final int most;

    /** @param most the most connections to one target */
    WaitingRequestsCheck(AdminClient turnout, String service, int most) {
        this.turnout = turnout;
        this.service = service;
        this.most = most;
    }

    @Override
    public List<Finding> look() {
        if (!(turnout.call("GET", AdminPath.of("admin", "status").with("service", service), PATIENCE)
                instanceof Answered answered)) {
            return List.of();
        }
        JsonObject slots = answered.json()
                .map(status -> status.getJsonObject("slots", new JsonObject()))
                .orElseGet(JsonObject::new);
        List<Finding> findings = new ArrayList<>();
        for (String slot : slots.fieldNames()) {
            JsonArray targets = slots.getJsonObject(slot).getJsonArray("targets", new JsonArray());
            for (int i = 0; i < targets.size(); i++) {
                JsonObject target = targets.getJsonObject(i);
                if (target.getLong("waiting", 0L) > 0) {
                    findings.add(of(target.getString("target"), target.getLong("waiting")));
                }
            }
        }
        return findings.isEmpty()
                ? List.of(Finding.good(
                        WORD,
                        new Phrase(
                                "No request of service " + service + " waits for a connection",
                                "서비스 " + service + "에는 연결을 기다리는 요청이 없습니다")))
                : findings;
    }

    private Finding of(String target, long waiting) {
        return new Finding(
                Severity.WARNING,
                WORD,
                new Phrase(
                        Counted.of(waiting, "request waits", "requests wait") + " for a connection to " + target
                                + ", which has as many as " + "turnout.upstream.connections=" + most,
                        "요청 " + waiting + "건이 " + target + "의 연결을 기다립니다. 연결이 turnout.upstream.connections=" + most
                                + " 에 이르렀습니다"),
                new Phrase(
                        "Add a target, or raise turnout.upstream.connections if the application can bear more",
                        "타깃을 추가하거나, 애플리케이션이 감당할 수 있으면 turnout.upstream.connections 를 올리세요"));
    }
}

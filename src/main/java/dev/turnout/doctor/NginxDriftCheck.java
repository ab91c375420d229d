package dev.turnout.doctor;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether nginx' include file is as Turnout has written it. A running Turnout compares it all the time, and is asked. */
final class NginxDriftCheck implements Check {

    private static final String WORD = "nginx-include";
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Path include;
    private final String service;
    private final Optional<AdminClient> turnout;

    /** @param turnout the running Turnout, if its place is known */
    NginxDriftCheck(Path include, String service, Optional<AdminClient> turnout) {
        this.include = include;
        this.service = service;
        this.turnout = turnout;
    }

    @Override
    public List<Finding> look() {
        if (Files.notExists(include)) {
            return List.of(new Finding(
                    Severity.ERROR,
                    WORD,
                    new Phrase(include + " does not exist", include + "이(가) 없습니다"),
                    new Phrase(
                            "Let nginx include this file, or set turnout.nginx.include to the file that it includes",
                            "nginx가 이 파일을 include 하게 하거나 turnout.nginx.include 를 실제 파일로 설정하세요")));
        }
        AdminOutcome outcome = turnout.map(client ->
                        client.call("GET", AdminPath.of("admin", "status").with("service", service), PATIENCE))
                .orElseGet(() -> new AdminOutcome.Unreachable(""));
        return outcome instanceof AdminOutcome.Answered answered ? List.of(of(answered)) : List.of(notAsked());
    }

    private Finding of(AdminOutcome.Answered answered) {
        JsonArray warnings = answered.json()
                .map(status -> status.getJsonArray("warnings", new JsonArray()))
                .orElseGet(JsonArray::new);
        return warnings.stream()
                .map(String::valueOf)
                .filter(warning -> warning.contains(include.getFileName().toString()))
                .findFirst()
                .map(NginxDriftCheck::drift)
                .orElseGet(() -> Finding.good(
                        WORD,
                        new Phrase(include + " is as Turnout has written it", include + "이(가) Turnout이 쓴 그대로입니다")));
    }

    private static Finding drift(String warning) {
        return new Finding(
                Severity.ERROR,
                WORD,
                new Phrase(warning, warning),
                new Phrase(
                        "Put the file back as it was, or restart Turnout, which takes over what nginx does",
                        "파일을 되돌리거나, nginx의 현재 상태를 이어받도록 Turnout을 재시작하세요"));
    }

    private Finding notAsked() {
        return new Finding(
                Severity.ADVICE,
                WORD,
                new Phrase(
                        include + " can't be compared: Turnout does not answer",
                        include + "을(를) 비교할 수 없습니다. Turnout이 응답하지 않습니다"),
                new Phrase("Run this again while Turnout runs", "Turnout이 실행 중일 때 다시 실행하세요"));
    }
}

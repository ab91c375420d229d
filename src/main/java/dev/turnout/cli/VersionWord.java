package dev.turnout.cli;

import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The word {@code version}. */
final class VersionWord implements Word {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Override
    public String word() {
        return "version";
    }

    @Override
    public Phrase summary() {
        return new Phrase(
                "Show the version of this program and of the running Turnout", "이 프로그램과 실행 중인 Turnout의 버전을 보여 줍니다");
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example("turnout version", new Phrase("shows both versions", "두 버전을 보여 줍니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.service().json();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        AdminPath path = AdminPath.of("admin", "status").with("service", Session.service(given));
        AdminOutcome outcome = location.client().call("GET", path, PATIENCE);
        Optional<String> server = outcome instanceof Answered answered
                ? answered.json().flatMap(ServiceStatus::of).map(ServiceStatus::turnoutVersion)
                : Optional.empty();
        String own = ProgramVersion.read();
        if (Session.has(given, WordSpec.JSON)) {
            session.terminal()
                    .line(new JsonObject()
                            .put("version", own)
                            .put("server", server.orElse(null))
                            .encodePrettily());
            return ExitCode.DONE;
        }
        session.terminal().line(Words.PROGRAM + " " + own);
        session.terminal()
                .line(server.map(version -> session.say(
                                "server " + version + " at " + location.address(),
                                "서버 " + version + " (" + location.address() + ")"))
                        .orElseGet(() -> session.say(
                                "server not reached at " + location.address(),
                                "서버에 연결할 수 없음 (" + location.address() + ")")));
        return ExitCode.DONE;
    }
}

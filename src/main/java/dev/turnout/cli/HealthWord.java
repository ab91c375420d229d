package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The word {@code health}. A container without any other program uses it as its health check. */
final class HealthWord implements Word {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Override
    public String word() {
        return "health";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Ask the running Turnout for its own health", "실행 중인 Turnout 자신의 상태를 확인합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "A service whose application is down does not matter: Turnout must not be restarted for that. Load"
                                + " balancers ask /q/health/ready instead.",
                        "애플리케이션이 응답하지 않는 것은 상관없습니다. 그 때문에 Turnout을 재시작해서는 안 됩니다. 로드 밸런서는" + " /q/health/ready를 사용합니다."),
                new Phrase(
                        "The exit code is 0 if Turnout is healthy, and 1 if it is not or does not answer.",
                        "Turnout이 정상이면 종료 코드는 0, 비정상이거나 응답하지 않으면 1입니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "turnout health -q || systemctl restart turnout",
                new Phrase("restarts Turnout if it does not answer", "응답하지 않으면 Turnout을 재시작합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        spec.remote().quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        AdminClient client = location.client();
        AdminOutcome outcome = client.health(PATIENCE);
        if (outcome instanceof Answered answered) {
            if (!Session.has(given, WordSpec.QUIET)) {
                session.terminal().line(answered.body());
            }
            return answered.status() == 200 ? ExitCode.DONE : ExitCode.FAILED;
        }
        WordFailed failed = new Answer(session, location).failed(outcome);
        throw new WordFailed(ExitCode.FAILED, failed.lines().toArray(String[]::new));
    }
}

package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ParseResult;

/** The word {@code rollback}. */
final class RollbackWord implements Word {

    private static final String TO_RELEASE = "--to-release";

    @Override
    public String word() {
        return "rollback";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Go back to the version that served before", "이전에 서비스하던 버전으로 되돌립니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "Several services go back in one step if their slots from before still run.",
                        "여러 서비스는 이전 슬롯이 아직 실행 중일 때 한 번에 되돌립니다."),
                new Phrase(
                        "If the version before still runs on the idle slot, Turnout switches at once. Otherwise its release is"
                                + " started there first, as 'turnout deploy' started it.",
                        "이전 버전이 대기 슬롯에서 아직 실행 중이면 바로 전환합니다. 아니면 'turnout deploy'가 시작한 방식대로 그 릴리스를 먼저" + " 시작합니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example(
                "turnout rollback --note 'checkout fails'",
                new Phrase("switches back, and says why in the history", "되돌리고 이유를 기록에 남깁니다")));
    }

    @Override
    public void define(WordSpec spec) {
        ChangeOptions.gated(spec);
        ChangeOptions.together(spec);
        DeployOptions.define(spec);
        spec.option(
                        "RELEASE",
                        new Phrase(
                                "the release to go back to, see 'turnout releases'", "되돌릴 릴리스. 'turnout releases' 참고"),
                        TO_RELEASE)
                .services()
                .json()
                .quiet();
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        boolean isCallOnly = Stream.of(ChangeOptions.DRY_RUN, ChangeOptions.FORCE, WordSpec.JSON)
                .anyMatch(option -> Session.has(given, option));
        boolean areSeveral = Session.services(given).size() > 1;
        if (isCallOnly
                || areSeveral
                || Session.option(given, ChangeOptions.WITHOUT).isPresent()) {
            ExpectedOutcome other = ExpectedOutcome.serving(Optional.empty());
            return ChangeCall.make("POST", AdminPath.of("admin", "rollback"), other, given, session);
        }
        Optional<Integer> release = release(given, session);
        return DeployOptions.run(given, session, (deployments, again) -> deployments.rollback(release, again));
    }

    private static Optional<Integer> release(ParseResult given, Session session) throws WordFailed {
        Optional<String> text = Session.option(given, TO_RELEASE);
        if (text.isPresent() && !text.get().matches("[1-9][0-9]{0,8}")) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            "'" + text.get() + "' is not a release's number; 'turnout releases' lists them.",
                            "'" + text.get() + "'은(는) 릴리스 번호가 아닙니다. 'turnout releases'로 확인하십시오."));
        }
        return text.map(Integer::valueOf);
    }
}

package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.client.TurnoutLocation;
import dev.turnout.text.Phrase;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The word {@code reload}. The unit of systemd uses it too. */
final class ReloadWord implements Word {

    @Override
    public String word() {
        return "reload";
    }

    @Override
    public Phrase summary() {
        return new Phrase("Bring the changed configuration into force", "바뀐 설정을 적용합니다");
    }

    @Override
    public List<Phrase> description() {
        return List.of(
                new Phrase(
                        "The running Turnout reads its files again. All of it comes into force, or nothing: a file with"
                                + " an error changes nothing. No connection is closed.",
                        "실행 중인 Turnout이 설정 파일을 다시 읽습니다. 전부 적용되거나 아무것도 적용되지 않습니다. 오류가 있으면"
                                + " 아무것도 바뀌지 않습니다. 연결은 끊기지 않습니다."),
                new Phrase(
                        "A new target of the serving slot has to be healthy first. Keys that need a restart are named,"
                                + " and keep their values.",
                        "서비스 중인 슬롯에 추가된 대상은 먼저 정상이어야 합니다. 재시작이 필요한 키는 이름을 알려 주고 값은 그대로" + " 둡니다."));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "turnout reload --note 'longer time-outs'",
                        new Phrase("brings the changed files into force", "바뀐 설정 파일을 적용합니다")),
                new Example(
                        "turnout check && systemctl reload turnout",
                        new Phrase("does the same by the service, after a check", "검사한 뒤 서비스를 통해 적용합니다")));
    }

    @Override
    public void define(WordSpec spec) {
        ReloadCall.define(spec, new Phrase("new targets get traffic without a health check", "새 대상을 상태 확인 없이 사용합니다"));
    }

    @Override
    public ExitCode run(ParseResult given, Session session) throws WordFailed {
        TurnoutLocation location = session.location(given);
        AdminPath path = ReloadCall.added(AdminPath.of("admin", "reload"), given, session);
        return ReloadCall.answered(location.client().call("POST", path, ReloadCall.LONGEST), given, session, location);
    }
}

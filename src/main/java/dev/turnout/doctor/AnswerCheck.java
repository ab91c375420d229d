package dev.turnout.doctor;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import java.time.Duration;
import java.util.List;

/** Whether a Turnout answers where the commands look for it, and takes their token. */
final class AnswerCheck implements Check {

    private static final String WORD = "answer";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AdminClient turnout;

    AnswerCheck(AdminClient turnout) {
        this.turnout = turnout;
    }

    @Override
    public List<Finding> look() {
        AdminOutcome outcome = turnout.call("GET", AdminPath.of("admin", "status"), PATIENCE);
        String place = String.valueOf(turnout.address());
        if (outcome instanceof AdminOutcome.Answered) {
            return List.of(
                    Finding.good(WORD, new Phrase("Turnout answers at " + place, "Turnout이 " + place + "에서 응답합니다")));
        }
        if (outcome instanceof AdminOutcome.Unreachable unreachable) {
            return List.of(new Finding(
                    Severity.ADVICE,
                    WORD,
                    new Phrase(
                            "Turnout can't be reached at " + place + ": " + unreachable.reason(),
                            place + "의 Turnout에 연결할 수 없습니다: " + unreachable.reason()),
                    new Phrase(
                            "If it should run: systemctl status turnout. If it is elsewhere, set --url or TURNOUT_URL",
                            "실행 중이어야 한다면 systemctl status turnout 을 확인하세요. 다른 곳에 있다면 --url 또는 TURNOUT_URL 을"
                                    + " 설정하세요")));
        }
        if (outcome instanceof AdminOutcome.Insecure insecure) {
            return List.of(warning(
                    new Phrase(
                            "There is no secure connection to Turnout at " + place + ": "
                                    + insecure.reason().english(),
                            place + "의 Turnout에 안전하게 연결할 수 없습니다: "
                                    + insecure.reason().korean()),
                    insecure.advice()));
        }
        if (outcome instanceof AdminOutcome.Unauthorized) {
            return List.of(warning(
                    new Phrase(
                            "Turnout at " + place + " refuses the token of the commands, or none was sent",
                            place + "의 Turnout이 명령의 토큰을 거부했거나 토큰이 없습니다"),
                    new Phrase(
                            "Set TURNOUT_ADMIN_TOKEN or --token-file to the value of turnout.admin.token",
                            "TURNOUT_ADMIN_TOKEN 또는 --token-file 에 turnout.admin.token 값을 설정하세요")));
        }
        return List.of(warning(
                new Phrase(
                        "Something answers at " + place + ", but not as Turnout does",
                        place + "에서 무언가 응답하지만 Turnout의 응답이 아닙니다"),
                new Phrase(
                        "Set --url or TURNOUT_URL to the admin address, whose port is turnout.admin.port",
                        "--url 또는 TURNOUT_URL 에 turnout.admin.port 를 쓰는 관리 주소를 설정하세요")));
    }

    private static Finding warning(Phrase seen, Phrase advice) {
        return new Finding(Severity.WARNING, WORD, seen, advice);
    }
}

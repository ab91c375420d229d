package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminOutcome.Insecure;
import dev.turnout.client.AdminOutcome.Lost;
import dev.turnout.client.AdminOutcome.NotTurnout;
import dev.turnout.client.AdminOutcome.Refused;
import dev.turnout.client.AdminOutcome.Unauthorized;
import dev.turnout.client.AdminOutcome.Unreachable;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.client.TurnoutLocation;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The words for outcomes of admin calls that are no success, with what to do, and their exit codes. */
final class Answer {

    /** How long a call may take that changes nothing. */
    static final Duration QUICK = Duration.ofSeconds(10);

    private final Session session;
    private final TurnoutLocation location;

    Answer(Session session, TurnoutLocation location) {
        this.session = session;
        this.location = location;
    }

    /** Returns the status of a service, or of service {@code default}. */
    ServiceStatus status(AdminClient client, Optional<String> service) throws WordFailed {
        JsonObject json = get(client, AdminPath.of("admin", "status").with("service", service));
        return ServiceStatus.of(json).orElseThrow(this::otherJson);
    }

    /** Returns the failure of a word that was answered with JSON of another program. */
    WordFailed otherJson() {
        return failed(new NotTurnout("JSON of another program"));
    }

    /** Returns the JSON that a call is answered with. */
    JsonObject get(AdminClient client, AdminPath path) throws WordFailed {
        return json(client.call("GET", path, QUICK));
    }

    /** Returns the JSON of an answer. */
    JsonObject json(AdminOutcome outcome) throws WordFailed {
        return answered(outcome).json().orElseThrow(() -> failed(new NotTurnout("an answer that is not JSON")));
    }

    /** Returns the answer, if the call has succeeded. */
    Answered answered(AdminOutcome outcome) throws WordFailed {
        if (outcome instanceof Answered answered) {
            return answered;
        }
        throw failed(outcome);
    }

    /** Returns the failure of a word whose call was not answered with success. */
    WordFailed failed(AdminOutcome outcome) {
        if (outcome instanceof Refused refused) {
            return new WordFailed(exit(refused), refused.detail());
        }
        if (outcome instanceof Unauthorized unauthorized) {
            return new WordFailed(ExitCode.NO_TURNOUT, lines(token(unauthorized)));
        }
        if (outcome instanceof Unreachable unreachable) {
            return new WordFailed(ExitCode.NO_TURNOUT, lines(unreachable(unreachable)));
        }
        if (outcome instanceof Insecure insecure) {
            return new WordFailed(ExitCode.NO_TURNOUT, lines(insecure(insecure)));
        }
        if (outcome instanceof NotTurnout other) {
            return new WordFailed(ExitCode.NO_TURNOUT, lines(notTurnout(other)));
        }
        String reason = outcome instanceof Lost lost ? lost.reason() : "";
        return new WordFailed(
                ExitCode.NO_TURNOUT,
                lines(session.say(
                        "Turnout does not answer at " + location.address() + ": " + reason + ".",
                        "Turnout이 " + location.address() + "에서 응답하지 않습니다: " + reason + ".")));
    }

    /** Returns the exit code of a call that was refused. */
    static ExitCode exit(Refused refused) {
        if (refused.isNotKnown()) {
            return ExitCode.UNKNOWN;
        }
        if (refused.isDueToAnother()) {
            return ExitCode.BUSY;
        }
        return switch (refused.type()) {
            case "bad-request", "no-service", "no-target", "not-found" -> ExitCode.USAGE;
            case "starting",
                    "stopping",
                    "unknown-host",
                    "foreign-origin",
                    "too-many-connections",
                    "https-only",
                    "internal" -> ExitCode.NO_TURNOUT;
            default -> ExitCode.FAILED;
        };
    }

    private String token(Unauthorized unauthorized) {
        return unauthorized.hadToken()
                ? session.say(
                        "Turnout does not accept the admin token. Is TURNOUT_ADMIN_TOKEN, --token-file or"
                                + " turnout.admin.token right?",
                        "Turnout이 관리 토큰을 받아들이지 않습니다. TURNOUT_ADMIN_TOKEN, --token-file 또는"
                                + " turnout.admin.token 값을 확인하십시오.")
                : session.say(
                        "Turnout wants the admin token. Set TURNOUT_ADMIN_TOKEN to the value of turnout.admin.token, or"
                                + " name a file with --token-file.",
                        "Turnout이 관리 토큰을 요구합니다. TURNOUT_ADMIN_TOKEN을 turnout.admin.token 값으로 설정하거나"
                                + " --token-file로 파일을 지정하십시오.");
    }

    private String unreachable(Unreachable unreachable) {
        return session.say(
                "Turnout can't be reached at " + location.address() + ": " + unreachable.reason()
                        + ". Is it running? 'systemctl status turnout' tells. --url names another admin address.",
                location.address() + "의 Turnout에 연결할 수 없습니다: " + unreachable.reason()
                        + ". 실행 중입니까? 'systemctl status turnout'으로 확인하십시오. 다른 관리 주소는 --url로 지정합니다.");
    }

    private String insecure(Insecure insecure) {
        return session.say(
                "There is no secure connection to Turnout at " + location.address() + ": "
                        + insecure.reason().english() + ". " + insecure.advice().english() + ".",
                location.address() + "의 Turnout에 안전하게 연결할 수 없습니다: "
                        + insecure.reason().korean() + ". " + insecure.advice().korean() + ".");
    }

    private String notTurnout(NotTurnout other) {
        return session.say(
                location.address() + " is not Turnout's admin address: something else answered (" + other.seen()
                        + "). turnout.admin.port has the port, 9000 by default; --url names the address.",
                location.address() + "은(는) Turnout의 관리 주소가 아닙니다. 다른 프로그램이 응답했습니다 (" + other.seen()
                        + "). 포트는 turnout.admin.port이고 기본값은 9000입니다. 주소는 --url로 지정합니다.");
    }

    /** Returns the sentence, and a further one if the configuration could not be read. */
    private String[] lines(String sentence) {
        List<String> lines = new ArrayList<>(List.of(sentence));
        for (Path file : location.unreadable()) {
            lines.add(session.say(
                    "You may not read " + file + ", which has the address and the token. Try sudo.",
                    "주소와 토큰이 있는 " + file + "을(를) 읽을 권한이 없습니다. sudo로 실행해 보십시오."));
        }
        return lines.toArray(String[]::new);
    }
}

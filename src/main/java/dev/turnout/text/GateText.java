package dev.turnout.text;

import java.util.List;

/** What a gate saw at targets, and what to do about a target that has not passed. */
final class GateText {

    private static final String USUAL_PATH = "/actuator/health";

    private final Facts gate;
    private final String service;
    private final Language in;

    /** @param service whose keys are named */
    GateText(Facts gate, String service, Language in) {
        this.gate = gate;
        this.service = service;
        this.in = in;
    }

    /** Returns the line of a gate that was passed or skipped. */
    String passed() {
        if (gate.flag("skipped")) {
            return in.of("Gate: skipped, as it was forced.", "헬스 체크: 강제 전환이라 건너뛰었습니다.");
        }
        return in.of("Gate: passed in ", "헬스 체크: 통과, ") + gate.time("tookMillis") + ", GET " + gate.word("path") + ": "
                + String.join("; ", tallies(gate.objects("targets"))) + ".";
    }

    private static List<String> tallies(List<Facts> targets) {
        return targets.stream()
                .map(target -> target.word("target") + " " + target.word("tally"))
                .toList();
    }

    /** Returns the targets that have not passed. */
    private List<Facts> failed() {
        return gate.objects("targets").stream()
                .filter(target -> !target.flag("passed"))
                .toList();
    }

    /** Returns what the first target that has not passed answered, as half a sentence. */
    String complaint(String slot) {
        List<Facts> failed = failed();
        if (failed.isEmpty()) {
            return in.of("the targets were not healthy", "대상이 정상이 아닙니다");
        }
        Facts target = failed.get(0);
        String place = target.word("target") + (slot.isEmpty() ? "" : " (" + slot + ")");
        String cause = cause(target);
        String path = gate.word("path");
        if (target.text("ended").isPresent()) {
            return in.of(target.word("ended"), place + "에서 실행되던 프로세스가 종료되었습니다");
        }
        if (isStatus(cause)) {
            return in.of(
                    place + " answered " + cause + " to GET " + path,
                    place + "가 GET " + path + "에 " + cause + "로 응답했습니다");
        }
        return switch (cause) {
            case "refused" ->
                in.of(
                        place + " refused the connection: nothing listens there",
                        place + "에 연결이 거부되었습니다: 실행 중인 프로그램이 없습니다");
            case "timeout", "no answer before the deadline" ->
                in.of(place + " did not answer GET " + path + " in time", place + "가 GET " + path + "에 제때 응답하지 않았습니다");
            case "" -> in.of(place + " was not probed to an end", place + "의 확인이 끝나지 않았습니다");
            default ->
                in.of(
                        place + " did not answer GET " + path + " well: " + cause,
                        place + "가 GET " + path + "에 올바르게 응답하지 않았습니다: " + cause);
        };
    }

    /** Returns the tally of the targets that have not passed. */
    String tally() {
        return in.of("Gate: ", "헬스 체크: ")
                + failed().stream()
                        .map(target -> target.word("count")
                                + in.of(" probes in ", "회 확인, ")
                                + gate.time("tookMillis")
                                + ", " + target.word("tally"))
                        .reduce((one, other) -> one + "; " + other)
                        .orElse("-")
                + ".";
    }

    private static String cause(Facts target) {
        return target.object("last").flatMap(last -> last.text("cause")).orElse("");
    }

    private static boolean isStatus(String cause) {
        return cause.matches("[1-9][0-9]{2}");
    }

    /** Returns what to do next. */
    String next() {
        List<Facts> failed = failed();
        String cause = failed.isEmpty() ? "" : cause(failed.get(0));
        String target = failed.isEmpty() ? "?" : failed.get(0).word("target");
        if (!failed.isEmpty() && failed.get(0).text("ended").isPresent()) {
            return in.of(
                    "look into the application's log why it ended, and start it again.",
                    "애플리케이션 로그에서 종료 원인을 확인하고 다시 시작하세요.");
        }
        if (isStatus(cause)) {
            return answered(Integer.parseInt(cause));
        }
        return switch (cause) {
            case "refused" ->
                in.of(
                        "start the application on " + target + ", or look into its log why it does not listen. If it"
                                + " needs longer to start: " + key("health.deadline") + ".",
                        target + "에서 애플리케이션을 시작하거나, 로그에서 포트를 열지 않은 원인을 확인하세요. 시작이 오래 걸리면 " + key("health.deadline")
                                + "을 늘리세요.");
            case "timeout", "no answer before the deadline" ->
                in.of(
                        "look what the application waits for. If the answer needs longer: " + key("health.timeout")
                                + ", or a cheaper " + key("health.path") + ".",
                        "애플리케이션이 무엇을 기다리는지 확인하세요. 응답이 원래 느리면 " + key("health.timeout") + "을 늘리거나 더 가벼운 "
                                + key("health.path") + "를 쓰세요.");
            case "unknown host" ->
                in.of("correct the target's name, or DNS: " + target + ".", "대상의 이름이나 DNS를 확인하세요: " + target + ".");
            default ->
                in.of(
                        "ask the target by hand: curl -i http://" + target + gate.word("path"),
                        "대상을 직접 확인하세요: curl -i http://" + target + gate.word("path"));
        };
    }

    private String answered(int status) {
        String path = key("health.path");
        String statuses = gate.word("statuses");
        if (status == 401 || status == 403) {
            return in.of(
                    "let the health path be asked without a login (Spring Security: permitAll), or set " + path
                            + " to one that needs none, for example " + USUAL_PATH + ".",
                    "헬스 체크 경로를 로그인 없이 허용하거나(Spring Security: permitAll), " + path
                            + "에 로그인이 필요 없는 경로를 설정하세요. 예: /actuator/health");
        }
        if (status >= 500) {
            return in.of(
                    "look into the application's log for the error. If it only needs longer to start: "
                            + key("health.deadline") + ".",
                    "애플리케이션 로그에서 오류를 확인하세요. 시작이 오래 걸릴 뿐이라면 " + key("health.deadline") + "을 늘리세요.");
        }
        if (status >= 300 && status < 400) {
            return in.of(
                    "set " + path + " to the page that the redirect leads to, or allow " + status + " by "
                            + key("health.status") + " (now " + statuses + ").",
                    path + "에 리다이렉트가 가리키는 경로를 설정하거나, " + key("health.status") + "(현재 " + statuses + ")에 " + status
                            + "를 허용하세요.");
        }
        boolean isUsual = gate.word("path").equals(USUAL_PATH);
        return in.of(
                "set " + path + " to a path that answers " + statuses
                        + (isUsual
                                ? ", or add what answers it to the application."
                                : ", for example " + USUAL_PATH + "."),
                path + "에 " + statuses + "로 응답하는 경로를 설정하"
                        + (isUsual ? "거나, 이 경로에 응답하는 기능을 애플리케이션에 추가하세요." : "세요. 예: " + USUAL_PATH));
    }

    private String key(String name) {
        return service.isEmpty() || service.equals("default")
                ? "turnout." + name
                : "turnout.services.\"" + service + "\"." + name;
    }
}

package dev.turnout.text;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A problem in lines: each type says its own next step. */
final class ProblemText {

    /** The first words of changes that are switches. */
    private static final List<String> SWITCHES = List.of("switch", "rollback", "promote");

    /** Refusals of which nobody can say that nothing has changed. */
    private static final Set<String> PERHAPS_MADE = Set.of("fleet-not-known", "already-made", "too-late", "internal");

    /** What cancels a change beside people. */
    private static final Templates CANCELLING = new Templates("""
            the watch, which has found slot {} worse and switches back by itself
              감시(슬롯 {1}이(가) 더 나빠서 스스로 되돌립니다)
            """);

    private static final int MOST_ERRORS = 6;

    private final Facts problem;
    private final Language in;

    private ProblemText(Facts problem, Language in) {
        this.problem = problem;
        this.in = in;
    }

    static List<String> of(JsonObject problem, Language in) {
        return new ProblemText(new Facts(problem), in).lines();
    }

    /**
     * The text of a problem.
     *
     * @param what happened
     * @param why a line each
     * @param next what to do
     */
    private record Told(String what, List<String> why, String next) {}

    private List<String> lines() {
        Told told = told();
        List<String> lines = new ArrayList<>();
        lines.add(told.what());
        lines.addAll(told.why());
        problem.object("serving").ifPresent(serving -> lines.add(serving(serving)));
        lines.add(in.of("Next: ", "다음: ") + told.next());
        return lines;
    }

    private String serving(Facts serving) {
        if (problem.object("receipt").isPresent() || PERHAPS_MADE.contains(word()) || isInForceUnknown()) {
            return in.of("Serving: ", "서비스 중: ") + serving.serving(in) + serving.maintenance(in) + ".";
        }
        return in.of("Still serving: ", "계속 서비스 중: ")
                + serving.serving(in)
                + in.of(". Nothing has changed.", ". 바뀐 것은 없습니다.");
    }

    /** Returns true if the change was refused, and what carries the traffic may serve by it nevertheless. */
    private boolean isInForceUnknown() {
        return problem.word("inForce").equals("unknown");
    }

    private String word() {
        String type = problem.word("type");
        return type.substring(type.lastIndexOf(':') + 1);
    }

    private String service() {
        return problem.object("serving")
                .flatMap(serving -> serving.text("service"))
                .orElse("");
    }

    private Told told() {
        return switch (word()) {
            case "unhealthy" -> problem.object("receipt").map(this::worse).orElseGet(this::unhealthy);
            case "rehearsal" -> rehearsal();
            case "not-warm" -> notWarm();
            case "cancelled" -> cancelled();
            case "busy" -> busy();
            case "too-late" -> tooLate();
            case "bad-configuration" -> badConfiguration();
            case "bad-certificate" -> badCertificate();
            case "deploying" -> deploying();
            default -> simple();
        };
    }

    // --- Refusals with facts of their own
    // -----------------------------------------------------------------------------

    /** Returns the errors in the answer, a few of them if there are many. */
    private List<String> errors() {
        List<String> errors = problem.texts("errors");
        return few(CheckText.of(errors.isEmpty() ? List.of(problem.word("detail")) : errors, in));
    }

    private List<String> badCertificates() {
        List<String> errors = problem.objects("problems").stream()
                .filter(found -> !found.flag("warning"))
                .map(found -> TlsText.of(found, "because", found.word("text"), in))
                .toList();
        return errors.isEmpty() ? problem.texts("errors") : errors;
    }

    private List<String> few(List<String> why) {
        List<String> shown = new ArrayList<>(why.subList(0, Math.min(MOST_ERRORS, why.size())));
        if (why.size() > shown.size()) {
            int more = why.size() - shown.size();
            shown.add(in.of("and " + more + " more", "외 " + more + "개"));
        }
        return shown;
    }

    private Told badCertificate() {
        return new Told(
                in.of(
                        "A certificate can't be served, and the old one stays in use.",
                        "사용할 수 없는 인증서가 있습니다. 이전 인증서를 계속 사용합니다."),
                few(badCertificates()),
                in.of(
                        "repair the file; 'turnout certificates' lists all certificates.",
                        "파일을 고치세요. 모든 인증서는 'turnout certificates'에서 확인하세요."));
    }

    private Told badConfiguration() {
        return new Told(
                in.of("The configuration was not loaded, and nothing has changed.", "설정을 적용하지 않았습니다. 바뀐 것은 없습니다."),
                errors(),
                in.of(
                        "correct the file; 'turnout check' shows every error.",
                        "파일을 고치세요. 'turnout check'가 모든 오류를 보여 줍니다."));
    }

    private Told unhealthy() {
        GateText gate =
                new GateText(problem.object("gate").orElseGet(() -> new Facts(new JsonObject())), service(), in);
        String slot = problem.text("slot").orElse("");
        return new Told(notDone() + gate.complaint(slot) + ".", List.of(gate.tally()), gate.next());
    }

    private String notDone() {
        String what = problem.text("what").orElse("switch");
        boolean isSwitch = SWITCHES.stream().anyMatch(what::startsWith);
        return isSwitch
                ? in.of("Not switched: ", "전환하지 않았습니다: ")
                : in.of("Not done (" + what + "): ", "실행하지 않았습니다(" + what + "): ");
    }

    /** Returns the text of a switch that was made, and then taken back or regretted. */
    private Told worse(Facts receipt) {
        Facts watch = receipt.object("watch").orElseGet(() -> new Facts(new JsonObject()));
        String to = watch.object("after").map(after -> after.word("slot")).orElse("?");
        String from = watch.object("before").map(before -> before.word("slot")).orElse("?");
        List<String> why = List.of(ReceiptText.watch(watch, in), in.of("Why: ", "이유: ") + watch.word("reason") + ".");
        if (watch.flag("flippedBack")) {
            return new Told(
                    in.of(
                            "Switched, then switched back: slot " + to + " had the traffic for "
                                    + watch.time("tookMillis") + ", and slot " + from + " serves again.",
                            "전환했다가 되돌렸습니다: " + to + " 슬롯이 " + watch.time("tookMillis") + " 동안 서비스했고, 지금은 다시 " + from
                                    + " 슬롯이 서비스합니다."),
                    why,
                    in.of(
                            "look into the log of the application in slot " + to + ", correct it, and deploy again.",
                            to + " 슬롯 애플리케이션의 로그를 확인하고, 고친 뒤 다시 배포하세요."));
        }
        return new Told(
                in.of(
                        "Switched, and slot " + to + " is worse, but it could not be switched back: it serves.",
                        "전환했고 " + to + " 슬롯이 더 나쁘지만, 되돌릴 수 없어 계속 서비스합니다."),
                why,
                in.of(
                        "stop neither slot. Repair slot " + from + ", then turnout rollback (POST /admin/rollback).",
                        "어느 슬롯도 종료하지 마세요. " + from + " 슬롯을 고친 뒤 turnout rollback (POST /admin/rollback)."));
    }

    private Told rehearsal() {
        return new Told(
                in.of(
                        "Not done: the rehearsal does not let the idle slot serve.",
                        "전환하지 않았습니다: 리허설 결과로는 대기 슬롯을 서비스할 수 없습니다."),
                problem.object("rehearsal")
                        .map(found -> List.of(RehearsalText.found(found, in)))
                        .orElseGet(this::detail),
                in.of(
                        "turnout rehearsal (GET /admin/rehearsal) shows the figures; force=true switches without them.",
                        "수치는 turnout rehearsal (GET /admin/rehearsal)로 확인하세요. force=true이면 리허설 없이 전환합니다."));
    }

    private Told notWarm() {
        return new Told(
                in.of(
                        "Not done: the warm-up failed, and turnout.warmup.required=true.",
                        "전환하지 않았습니다: 워밍업이 실패했습니다(turnout.warmup.required=true)."),
                detail(),
                in.of(
                        "correct turnout.warmup.paths or the application; turnout.warmup.required=false makes it a warning.",
                        "turnout.warmup.paths 또는 애플리케이션을 고치세요. turnout.warmup.required=false이면 경고로만 알립니다."));
    }

    private Told cancelled() {
        String who = problem.word("cancelledBy");
        return new Told(
                in.of(
                        "Cancelled by " + who + ".",
                        "취소됨, 취소한 사람: " + CANCELLING.korean(who).orElse(who) + "."),
                problem.object("gate")
                        .filter(gate -> !gate.flag("passed"))
                        .map(gate -> List.of(new GateText(gate, service(), in).tally()))
                        .orElse(List.of()),
                in.of(
                        "turnout status (GET /admin/status) shows what serves. Then ask again if that is still wanted.",
                        "turnout status (GET /admin/status)로 서비스 중인 슬롯을 확인하고, 필요하면 다시 요청하세요."));
    }

    private Told busy() {
        Facts change = problem.object("switching").orElseGet(() -> new Facts(new JsonObject()));
        boolean isWatched = change.word("step").equals("watch");
        return new Told(
                in.of("Not done: another change has not ended.", "실행하지 않았습니다: 다른 변경이 진행 중입니다."),
                running(),
                isWatched
                        ? in.of(
                                "wait for the end of the watch, or take the switch back: turnout rollback (POST /admin/rollback).",
                                "관찰이 끝나기를 기다리거나, 되돌리세요: turnout rollback (POST /admin/rollback).")
                        : in.of(
                                "wait until it has ended, or cancel it: Ctrl-C where it was asked for, or DELETE /admin/switch.",
                                "끝날 때까지 기다리거나, 취소하세요: 요청한 터미널에서 Ctrl-C 또는 DELETE /admin/switch."));
    }

    private Told tooLate() {
        if (ChangeText.isInForce(problem.json())) {
            return new Told(
                    in.of("Not cancelled: the change has been made.", "취소하지 못했습니다: 이미 전환되었습니다."),
                    running(),
                    in.of(
                            "turnout rollback (POST /admin/rollback) goes back.",
                            "되돌리려면 turnout rollback (POST /admin/rollback)."));
        }
        return new Told(
                in.of(
                        "Not cancelled: the change is being made, and may still fail.",
                        "취소하지 못했습니다: 변경을 적용하는 중이며 아직 실패할 수 있습니다."),
                running(),
                in.of(
                        "wait for the end of the change: turnout status (GET /admin/status) shows what holds.",
                        "변경이 끝나기를 기다리세요. 결과는 turnout status (GET /admin/status)에서 확인하세요."));
    }

    private List<String> running() {
        return problem.object("switching")
                .map(change -> List.of(in.of("Running: ", "진행 중: ") + change.word("what")
                        + in.of(", asked for by ", ", 요청자 ") + change.asker() + in.of(", since ", ", 시작 ")
                        + change.word("since") + in.of(", at the step ", ", 단계 ") + change.word("step") + "."))
                .orElse(List.of());
    }

    private Told deploying() {
        return new Told(
                in.of("Not done: another deployment has not ended.", "실행하지 않았습니다: 다른 배포가 진행 중입니다."),
                List.of(in.of("Deploying: ", "배포 중: ") + problem.word("owner") + in.of(", since ", ", 시작 ")
                        + problem.word("since") + "."),
                in.of(
                        "try again when it has ended; without a sign of life its turn ends at "
                                + problem.word("expiresAt") + ".",
                        "끝난 뒤 다시 시도하세요. 응답이 없으면 " + problem.word("expiresAt") + "에 해제됩니다."));
    }

    private List<String> detail() {
        return problem.text("detail").map(List::of).orElse(List.of());
    }

    // --- Refusals whose type says all
    // ---------------------------------------------------------------------------------

    private Told simple() {
        return new Told(headline(), detail(), next());
    }

    private String headline() {
        if (word().equals("fleet-not-known")) {
            return in.of(problem.word("title") + ".", "변경이 이루어졌는지 알 수 없습니다.");
        }
        if (isInForceUnknown()) {
            return in.of("It is not known which version nginx serves.", "nginx가 어느 버전을 서비스하는지 알 수 없습니다.");
        }
        return in.of("Not done: " + lower(problem.word("title")) + ".", "실행하지 않았습니다: " + korean() + ".");
    }

    private static String lower(String title) {
        return title.isEmpty() ? title : Character.toLowerCase(title.charAt(0)) + title.substring(1);
    }

    private String korean() {
        return switch (word()) {
            case "no-service" -> "그런 서비스가 없습니다";
            case "precondition-failed" -> "리비전이 다릅니다. 그 사이에 누군가 변경했습니다";
            case "nothing-to-roll-back" -> "되돌릴 전환이 없습니다";
            case "no-canary" -> "진행 중인 카나리가 없습니다";
            case "last-target" -> "마지막으로 남은 대상입니다";
            case "no-target" -> "슬롯에 그런 대상이 없습니다";
            case "configured-service" -> "설정 파일에 있는 서비스입니다";
            case "in-use" -> "서비스에 처리 중이거나 대기 중인 요청이 있습니다";
            case "in-other-slot" -> "다른 슬롯에 같은 대상이 있습니다";
            case "too-many-targets" -> "슬롯에 대상을 더 둘 수 없습니다";
            case "follows-names" -> "슬롯의 대상은 이름을 조회해 정합니다";
            case "paused" -> "서비스가 일시 중지되어 있습니다";
            case "bad-request" -> "요청을 이해할 수 없습니다";
            case "unsupported" -> "nginx 모드에서는 할 수 없습니다";
            case "drift" -> "다른 누군가가 트래픽 경로를 바꿨습니다";
            case "state-not-saved" -> "새 상태를 디스크에 저장하지 못했습니다";
            case "nginx-failed" -> "nginx가 변경을 받아들이지 않았습니다";
            case "nothing-to-cancel" -> "취소할 변경이 없습니다";
            case "starting" -> "Turnout이 시작되는 중입니다";
            case "stopping" -> "Turnout이 종료되는 중입니다";
            case "unauthorized" -> "토큰이 없거나 틀렸습니다";
            case "unknown-host" -> "관리 주소로 알려진 이름이 아닙니다";
            case "foreign-origin" -> "다른 사이트의 페이지에서 온 요청입니다";
            case "not-found" -> "그런 경로가 없습니다";
            case "method-not-allowed" -> "이 메서드로는 호출할 수 없습니다";
            case "too-many-calls" -> "대기 중인 요청이 너무 많습니다";
            case "no-receiver" -> "알림을 받는 곳이 없습니다";
            case "notification-failed" -> "알림을 보내지 못한 곳이 있습니다";
            case "store-failed" -> "상태 폴더를 읽을 수 없습니다";
            case "internal" -> "Turnout 내부 오류입니다";
            case "fleet-unreachable" -> "플릿의 저장소(etcd)를 사용할 수 없습니다";
            case "fleet-exists" -> "플릿의 그 자리는 이미 사용 중입니다";
            case "no-fleet" -> "그런 플릿이 없습니다";
            case "fleet-differs" -> "플릿의 라우팅이 이 Turnout과 다릅니다";
            case "fleet-in-order" -> "복구할 것이 없습니다";
            case "no-member" -> "플릿에 그런 멤버가 없습니다";
            case "member-missing" -> "플릿의 멤버가 없습니다";
            case "member-refused" -> "플릿의 멤버가 거부했습니다";
            case "member-slow" -> "플릿의 멤버가 제시간에 응답하지 않았습니다";
            case "already-made" -> "이미 이루어진 변경입니다";
            case "no-change" -> "플릿에 그런 변경이 없습니다";
            case "overtaken" -> "다른 멤버가 먼저 변경했습니다";
            default -> problem.word("title");
        };
    }

    private String next() {
        return switch (word()) {
            case "no-service" ->
                in.of("give ?service= one of the names above, or leave it out.", "?service=에 위의 이름 중 하나를 쓰거나 빼세요.");
            case "precondition-failed" ->
                in.of(
                        "look at turnout status (GET /admin/status), then ask again with the new revision.",
                        "turnout status (GET /admin/status)를 확인하고 새 리비전으로 다시 요청하세요.");
            case "nothing-to-roll-back" ->
                in.of(
                        "turnout switch (POST /admin/switch) makes the other slot serve, if a version runs there.",
                        "다른 슬롯에 버전이 실행 중이면 turnout switch (POST /admin/switch)로 전환하세요.");
            case "no-canary" ->
                in.of(
                        "turnout canary 10 (POST /admin/canary?weight=10) begins one.",
                        "turnout canary 10 (POST /admin/canary?weight=10)으로 시작하세요.");
            case "last-target" ->
                in.of(
                        "put another target back first (turnout ready HOST:PORT, or POST /admin/targets/HOST:PORT/ready), or add one;"
                                + " force=true takes it out although nothing serves then.",
                        "먼저 다른 대상을 복귀시키거나(turnout ready HOST:PORT, or POST /admin/targets/HOST:PORT/ready) 추가하세요. force=true는"
                                + " 서비스가 멈추더라도 제외합니다.");
            case "no-target", "in-other-slot", "too-many-targets" ->
                in.of(
                        "turnout targets (GET /admin/targets) lists the targets.",
                        "대상 목록은 turnout targets (GET /admin/targets)에서 확인하세요.");
            case "follows-names" ->
                in.of(
                        "change the record of the name server, or the configuration, then turnout reload (POST /admin/reload).",
                        "네임 서버의 레코드를 바꾸거나, 설정을 고친 뒤 turnout reload (POST /admin/reload).");
            case "configured-service" ->
                in.of(
                        "change the file, then turnout reload (POST /admin/reload).",
                        "파일을 고친 뒤 turnout reload (POST /admin/reload).");
            case "in-use" ->
                in.of(
                        "if the service is paused, resume it. Try again when they have ended, or with force=true.",
                        "서비스가 일시 중지되어 있으면 재개하세요. 요청이 끝난 뒤 다시 시도하거나 force=true를 쓰세요.");
            case "paused" ->
                in.of(
                        "turnout resume (POST /admin/resume) first, then ask again.",
                        "먼저 turnout resume (POST /admin/resume)으로 재개한 뒤 다시 요청하세요.");
            case "unsupported" -> in.of("turnout.mode=proxy can do it.", "turnout.mode=proxy에서는 할 수 있습니다.");
            case "drift" ->
                in.of(
                        "look at the include file; force=true overwrites it.",
                        "include 파일을 확인하세요. force=true는 그 내용을 덮어씁니다.");
            case "state-not-saved" ->
                in.of(
                        "make room in turnout.state.directory, or mend the disk, then ask again.",
                        "turnout.state.directory의 공간을 확보하거나 디스크를 고친 뒤 다시 요청하세요.");
            case "nginx-failed" ->
                isInForceUnknown()
                        ? in.of(
                                "stop neither version. Test and reload nginx by hand, then ask again with force=true.",
                                "어느 버전도 종료하지 마세요. nginx를 직접 검사하고 다시 읽게 한 뒤 force=true로 다시 요청하세요.")
                        : in.of(
                                "correct what nginx says (nginx -t), then ask again.",
                                "nginx가 알린 오류를 고치고(nginx -t) 다시 요청하세요.");
            case "nothing-to-cancel" ->
                in.of(
                        "turnout history (GET /admin/history) has what was done.",
                        "지난 변경은 turnout history (GET /admin/history)에서 확인하세요.");
            case "starting", "stopping", "too-many-calls", "too-many-connections" ->
                in.of("try again in a few seconds.", "몇 초 뒤 다시 시도하세요.");
            case "unauthorized" ->
                in.of(
                        "send the value of turnout.admin.token: curl -H 'Authorization: Bearer TOKEN' ...",
                        "turnout.admin.token 값을 보내세요: curl -H 'Authorization: Bearer TOKEN' ...");
            case "unknown-host" ->
                in.of(
                        "call the address by a known name, or add the name to turnout.admin.names.",
                        "알려진 이름으로 호출하거나, 그 이름을 turnout.admin.names에 추가하세요.");
            case "foreign-origin" ->
                in.of("use the dashboard of this address, or a program.", "이 주소의 대시보드나 명령줄 프로그램을 사용하세요.");
            case "no-receiver", "notification-failed" ->
                in.of(
                        "correct the keys under turnout.notify, reload, then turnout notify test (POST"
                                + " /admin/notify/test).",
                        "turnout.notify 아래의 키를 고치고 다시 적용한 뒤 turnout notify test (POST /admin/notify/test)로 확인하세요.");
            case "fleet-not-known" ->
                in.of(
                        "stop neither version. Look at turnout fleet status (GET /admin/fleet) before you ask again.",
                        "어느 버전도 종료하지 마세요. 다시 요청하기 전에 turnout fleet status (GET /admin/fleet)를 확인하세요.");
            case "fleet-unreachable",
                    "fleet-exists",
                    "no-fleet",
                    "fleet-differs",
                    "fleet-in-order",
                    "no-member",
                    "member-missing",
                    "member-refused",
                    "member-slow",
                    "no-change" ->
                in.of(
                        "turnout fleet status (GET /admin/fleet) shows the members and their store.",
                        "멤버와 저장소의 상태는 turnout fleet status (GET /admin/fleet)에서 확인하세요.");
            case "already-made", "overtaken" ->
                in.of(
                        "look at turnout status (GET /admin/status) before you ask again.",
                        "다시 요청하기 전에 turnout status (GET /admin/status)를 확인하세요.");
            case "store-failed", "internal" -> in.of("look into the log of Turnout.", "Turnout의 로그를 확인하세요.");
            default -> in.of("GET /q/openapi lists all calls and parameters.", "모든 호출과 매개변수는 GET /q/openapi에 있습니다.");
        };
    }
}

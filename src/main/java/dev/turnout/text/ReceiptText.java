package dev.turnout.text;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The receipt of a change in lines. */
final class ReceiptText {

    private static final int MOST_WARNINGS = 3;
    private static final int CUT_NAMED = 3;
    private static final int TARGETS_NAMED = 8;

    private final Facts receipt;
    private final Language in;

    private ReceiptText(Facts receipt, Language in) {
        this.receipt = receipt;
        this.in = in;
    }

    static List<String> of(JsonObject receipt, Language in) {
        return new ReceiptText(new Facts(receipt), in).lines();
    }

    /** Returns what has happened, in one line. */
    static String happened(Facts receipt, Language in) {
        return new ReceiptText(receipt, in).headline();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(headline());
        receipt.object("gate")
                .filter(gate -> gate.flag("skipped") ? isForced() : gate.flag("passed"))
                .ifPresent(gate -> lines.add(new GateText(gate, service(), in).passed()));
        receipt.object("rehearsal").ifPresent(found -> lines.add(RehearsalText.found(found, in)));
        receipt.object("watch").ifPresent(watch -> lines.add(watch(watch, in)));
        receipt.object("drain").filter(drain -> receipt.flag("changed")).ifPresent(drain -> lines.add(drain(drain)));
        warnings(lines);
        serving(lines);
        next(lines);
        return lines;
    }

    private String service() {
        return receipt.text("service").orElse("");
    }

    private boolean isForced() {
        return receipt.flag("changed") && isSwitch();
    }

    private boolean isSwitch() {
        return receipt.text("to").isPresent();
    }

    // --- What happened
    // ------------------------------------------------------------------------------------------------

    private String headline() {
        if (receipt.object("cancelled").isPresent()) {
            Facts cancelled = receipt.object("cancelled").orElseThrow();
            return in.of("Cancelled: ", "취소됨: ")
                    + cancelled.word("what")
                    + in.of(", asked for by ", ", 요청자 ")
                    + cancelled.asker()
                    + in.of(". Nothing has changed.", ". 바뀐 것은 없습니다.");
        }
        if (receipt.text("owner").isPresent()) {
            return in.of("Deployment of ", "배포: ") + receipt.word("owner") + ", id " + receipt.word("id")
                    + in.of(", until ", ", 만료 ") + receipt.word("expiresAt") + ".";
        }
        if (receipt.text("paused").isPresent()) {
            return paused();
        }
        if (isOfMaintenance()) {
            return maintenance();
        }
        if (receipt.text("target").isPresent()) {
            return rotation();
        }
        if (receipt.json().containsKey("targets")) {
            return targets();
        }
        if (receipt.text("weight").isPresent()) {
            return canary();
        }
        return isSwitch() ? switched() : in.of("Done.", "완료되었습니다.");
    }

    private String switched() {
        String to = slot("to", "version");
        if (receipt.flag("dryRun")) {
            return in.of(
                    "Dry run: " + to + " would serve. Nothing has changed.",
                    "시험 실행: " + to + "로 전환할 수 있습니다. 바뀐 것은 없습니다.");
        }
        if (!receipt.flag("changed")) {
            return in.of("Nothing to do: " + to + " serves already.", "할 일이 없습니다: 이미 " + to + "가 서비스 중입니다.");
        }
        String from = slot("from", "fromVersion");
        return in.of(
                "Switched: " + to + " serves instead of " + from + ".", "전환 완료: " + from + " 대신 " + to + "가 서비스합니다.");
    }

    private String slot(String slot, String version) {
        return receipt.word(slot)
                + receipt.text(version)
                        .map(known -> in.of(" (version ", " (버전 ") + known + ")")
                        .orElse("");
    }

    private String canary() {
        String slot = receipt.word("slot");
        if (receipt.whole("weight") == 0) {
            return in.of("No canary: slot " + slot + " gets no clients.", "카나리 종료: " + slot + " 슬롯으로 가는 클라이언트가 없습니다.");
        }
        return in.of(
                "Canary: slot " + slot + " gets " + receipt.word("weight") + " % of the clients.",
                "카나리: " + slot + " 슬롯이 클라이언트의 " + receipt.word("weight") + " %를 받습니다.");
    }

    private String rotation() {
        String target = receipt.word("target");
        return receipt.flag("inRotation")
                ? in.of("Ready: " + target + " gets requests.", "복귀: " + target + "가 요청을 받습니다.")
                : in.of("Taken out: " + target + " gets no new requests.", "제외: " + target + "는 새 요청을 받지 않습니다.");
    }

    private String targets() {
        List<String> targets = receipt.texts("targets");
        String slot = receipt.word("slot");
        String list = String.join(", ", targets.subList(0, Math.min(TARGETS_NAMED, targets.size())))
                + (targets.size() > TARGETS_NAMED ? ", ..." : "");
        String source = receipt.texts("configured").isEmpty()
                ? in.of("as configured", "설정 그대로")
                : in.of("given at run time", "실행 중 지정");
        if (receipt.flag("dryRun")) {
            return targets.isEmpty()
                    ? in.of(
                            "Dry run: slot " + slot + " would have no target. Nothing has changed.",
                            "시험 실행: " + slot + " 슬롯에 대상이 없게 됩니다. 바뀐 것은 없습니다.")
                    : in.of(
                            "Dry run: slot " + slot + " would have " + targets.size() + ", " + source + ": " + list
                                    + ". Nothing has changed.",
                            "시험 실행: " + slot + " 슬롯의 대상이 " + targets.size() + "개가 됩니다, " + source + ": " + list
                                    + ". 바뀐 것은 없습니다.");
        }
        return targets.isEmpty()
                ? in.of("Targets: slot " + slot + " has none.", "대상: " + slot + " 슬롯에 대상이 없습니다.")
                : in.of(
                        "Targets: slot " + slot + " has " + targets.size() + ", " + source + ": " + list + ".",
                        "대상: " + slot + " 슬롯에 " + targets.size() + "개, " + source + ": " + list + ".");
    }

    private String paused() {
        String held = receipt.word("held");
        return receipt.flag("paused")
                ? in.of("Paused: new requests wait, " + held + " now.", "일시 중지: 새 요청은 대기합니다. 현재 " + held + "개.")
                : in.of("Not paused: requests go to their targets.", "일시 중지 아님: 요청이 대상으로 전달됩니다.");
    }

    private boolean isOfMaintenance() {
        return receipt.json().containsKey("maintenance");
    }

    private String maintenance() {
        Optional<Facts> terms = receipt.object("maintenance");
        if (terms.isEmpty()) {
            return in.of("Maintenance is off: all clients are served.", "점검 종료: 모든 클라이언트를 서비스합니다.");
        }
        String retry = terms.get().word("retryAfterSeconds");
        List<String> allowed = terms.get().texts("allow");
        String but = allowed.isEmpty() ? "" : in.of(", but those from ", ". 허용된 주소: ") + String.join(", ", allowed);
        return in.of(
                "Maintenance is on: clients get 503 with Retry-After: " + retry + but + ".",
                "점검 시작: 클라이언트는 503과 Retry-After: " + retry + "을(를) 받습니다" + but + ".");
    }

    // --- Why and what of it
    // -------------------------------------------------------------------------------------------

    /** Returns the line of a watch: how many requests failed of how many, on both sides. */
    static String watch(Facts watch, Language in) {
        Facts after = watch.object("after").orElseGet(() -> new Facts(new JsonObject()));
        Facts before = watch.object("before").orElseGet(() -> new Facts(new JsonObject()));
        return in.of("Watch: ", "관찰: ") + watch.word("verdict") + in.of(" after ", ", ") + watch.time("tookMillis")
                + ": " + side(after, in) + in.of("; before, ", "; 이전 ") + side(before, in) + ".";
    }

    private static String side(Facts side, Language in) {
        String failed = in.of(
                side.word("slot") + " failed " + side.whole("errors") + " of "
                        + Counted.requests(side.whole("requests")),
                side.word("slot") + " 요청 " + side.whole("requests") + "개 중 " + side.whole("errors") + "개 실패");
        return failed
                + side.text("p99Millis")
                        .map(p99 -> String.format(Locale.ROOT, ", p99 %.0f ms", side.number("p99Millis")))
                        .orElse("");
    }

    private String drain(Facts drain) {
        if (drain.whole("cutCount") > 0) {
            return in.of("Drain: ", "드레인: ")
                    + in.of(
                            Counted.of(drain.whole("cutCount"), "request was", "requests were") + " cut after ",
                            drain.whole("cutCount") + "개 요청이 끊겼습니다, ")
                    + drain.time("waitedMillis") + ": "
                    + String.join(", ", cut(drain)) + ".";
        }
        if (!drain.flag("drained")) {
            return in.of("Drain: it is not known whether all requests have ended.", "드레인: 모든 요청이 끝났는지 알 수 없습니다.");
        }
        return in.of(
                "Drain: " + Counted.requests(drain.whole("completed")) + " ended in " + drain.time("waitedMillis")
                        + ", none was cut.",
                "드레인: 요청 " + drain.whole("completed") + "개가 " + drain.time("waitedMillis") + " 안에 끝났고, 끊긴 요청은 없습니다.");
    }

    private static List<String> cut(Facts drain) {
        return drain.objects("cut").stream()
                .limit(CUT_NAMED)
                .map(request -> request.word("method") + " " + request.word("path"))
                .toList();
    }

    private void warnings(List<String> lines) {
        List<String> warnings = CheckText.of(receipt.texts("warnings"), in);
        warnings.stream().limit(MOST_WARNINGS).forEach(warning -> lines.add(in.of("Warning: ", "경고: ") + warning));
        int more = warnings.size() - MOST_WARNINGS;
        if (more > 0) {
            lines.add(in.of(
                    "Warning: " + more + " more; turnout history (GET /admin/history) has all.",
                    "경고: " + more + "개 더 있습니다. 전체는 turnout history (GET /admin/history)."));
        }
    }

    private void serving(List<String> lines) {
        receipt.object("serving")
                .ifPresent(serving -> lines.add(in.of("Serving: ", "서비스 중: ") + serving.serving(in)
                        + in.of(", revision ", ", 리비전 ") + serving.word("revision") + serving.maintenance(in) + "."));
    }

    // --- What to do
    // ---------------------------------------------------------------------------------------------------

    private void next(List<String> lines) {
        String next = next();
        if (!next.isEmpty()) {
            lines.add(in.of("Next: ", "다음: ") + next);
        }
    }

    private String next() {
        boolean isDrained =
                receipt.object("drain").filter(drain -> drain.flag("drained")).isPresent();
        if (receipt.flag("dryRun") && !isSwitch()) {
            return in.of(
                    "the same call without dry-run (--dry-run) makes the change.",
                    "dry-run(--dry-run) 없이 같은 호출을 하면 변경합니다.");
        }
        if (receipt.flag("dryRun")) {
            return in.of(
                    "turnout switch (POST /admin/switch) makes the switch.",
                    "turnout switch (POST /admin/switch)로 전환합니다.");
        }
        if (isSwitch() && receipt.flag("changed")) {
            String back = in.of(
                    " turnout rollback (POST /admin/rollback) goes back.",
                    " 되돌리려면 turnout rollback (POST /admin/rollback).");
            return isDrained
                    ? in.of(
                                    "the process of slot " + receipt.word("from") + " may be stopped.",
                                    receipt.word("from") + " 슬롯의 프로세스를 종료해도 됩니다.")
                            + back
                    : in.of(
                                    "do not stop slot " + receipt.word("from")
                                            + " before turnout history (GET /admin/history) says that it is drained.",
                                    "turnout history (GET /admin/history)에 drained가 나오기 전에는 " + receipt.word("from")
                                            + " 슬롯을 종료하지 마세요.")
                            + back;
        }
        if (receipt.object("maintenance").isPresent()) {
            return in.of(
                    "turnout maintenance off (DELETE /admin/maintenance) serves all clients again.",
                    "turnout maintenance off (DELETE /admin/maintenance)로 모든 클라이언트를 다시 서비스합니다.");
        }
        if (receipt.flag("paused")) {
            return in.of(
                    "turnout resume (POST /admin/resume) lets the requests go.",
                    "turnout resume (POST /admin/resume)으로 요청을 다시 보냅니다.");
        }
        if (receipt.whole("weight") > 0) {
            return in.of(
                    "turnout canary promote (POST /admin/canary/promote) gives it all traffic, turnout canary abort (DELETE /admin/canary) takes it back.",
                    "전체 전환은 turnout canary promote (POST /admin/canary/promote), 취소는 turnout canary abort (DELETE /admin/canary).");
        }
        if (receipt.json().containsKey("targets")
                && !receipt.texts("configured").isEmpty()) {
            String slot = receipt.word("slot");
            return in.of(
                    "they hold until turnout targets reset " + slot + " (DELETE /admin/slots/" + slot
                            + "/targets), or until the configuration names others.",
                    "turnout targets reset " + slot + " (DELETE /admin/slots/" + slot
                            + "/targets)을 실행하거나 설정의 대상이 바뀔 때까지 유지됩니다.");
        }
        if (receipt.text("target").isPresent() && !receipt.flag("inRotation") && isDrained) {
            return in.of(
                    "its process may be stopped; turnout ready " + receipt.word("target") + " (POST /admin/targets/"
                            + receipt.word("target") + "/ready) puts it back.",
                    "프로세스를 종료해도 됩니다. 복귀는 turnout ready " + receipt.word("target") + " (POST /admin/targets/"
                            + receipt.word("target") + "/ready).");
        }
        return "";
    }
}

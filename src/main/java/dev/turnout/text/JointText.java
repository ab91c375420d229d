package dev.turnout.text;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The receipt of a switch of several services in lines. */
final class JointText {

    private static final int MOST_SERVICES = 5;
    private static final int MOST_WARNINGS = 2;

    private JointText() {}

    static boolean fits(JsonObject answer) {
        return answer.containsKey("services") && answer.containsKey("switchedAt");
    }

    static List<String> of(JsonObject answer, Language in) {
        Facts receipt = new Facts(answer);
        List<Facts> services = receipt.objects("services");
        List<String> lines = new ArrayList<>();
        lines.add(headline(receipt, services.size(), in));
        services.stream()
                .limit(MOST_SERVICES)
                .forEach(service -> lines.add(service.word("service") + ": " + ReceiptText.happened(service, in)));
        if (services.size() > MOST_SERVICES) {
            lines.add(in.of(
                    "... and " + Counted.of(services.size() - MOST_SERVICES, "more service.", "more services."),
                    "... 그 외 서비스 " + (services.size() - MOST_SERVICES) + "개."));
        }
        CheckText.of(receipt.texts("warnings"), in).stream()
                .limit(MOST_WARNINGS)
                .forEach(warning -> lines.add(in.of("Warning: ", "경고: ") + warning));
        String next = next(receipt, in);
        if (!next.isEmpty()) {
            lines.add(in.of("Next: ", "다음: ") + next);
        }
        return lines;
    }

    private static String headline(Facts receipt, int services, Language in) {
        if (receipt.flag("dryRun")) {
            return in.of(
                    "Dry run: all " + services + " services can be switched together. Nothing has changed.",
                    "시험 실행: 서비스 " + services + "개를 함께 전환할 수 있습니다. 바뀐 것은 없습니다.");
        }
        return receipt.flag("changed")
                ? in.of(services + " services were switched in one step.", "서비스 " + services + "개를 한 번에 전환했습니다.")
                : in.of("Nothing to do: all serve already.", "할 일이 없습니다: 모두 이미 서비스 중입니다.");
    }

    private static String next(Facts receipt, Language in) {
        if (receipt.flag("dryRun") || !receipt.flag("changed")) {
            return "";
        }
        return receipt.object("drain").filter(drain -> drain.flag("drained")).isPresent()
                ? in.of("the processes of the slots from before may be stopped.", "이전 슬롯의 프로세스를 종료해도 됩니다.")
                : in.of(
                        "stop no slot from before until turnout history (GET /admin/history) says that it is drained.",
                        "turnout history (GET /admin/history)에 drained가 나오기 전에는 이전 슬롯을 종료하지 마세요.");
    }
}

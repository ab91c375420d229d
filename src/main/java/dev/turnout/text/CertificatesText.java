package dev.turnout.text;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The answer of a reload of certificates, in lines. */
public final class CertificatesText {

    private static final int MOST_SHOWN = 5;

    private final Facts answer;
    private final Language in;

    private CertificatesText(Facts answer, Language in) {
        this.answer = answer;
        this.in = in;
    }

    /** Returns true if an answer is that of a reload of certificates. */
    static boolean fits(JsonObject answer) {
        return answer.containsKey("changed") && answer.containsKey("unchanged");
    }

    /** Returns ten lines at most. */
    public static List<String> of(JsonObject answer, Language in) {
        return new CertificatesText(new Facts(answer), in).lines();
    }

    private List<String> lines() {
        List<String> changed =
                answer.objects("changed").stream().map(this::changed).toList();
        List<String> removed = answer.texts("removed").stream()
                .map(origin -> in.of("  gone: ", "  없어짐: ") + origin)
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add(title(changed.isEmpty() && removed.isEmpty()));
        changed.stream().limit(MOST_SHOWN).forEach(lines::add);
        removed.stream().limit(1).forEach(lines::add);
        answer.objects("problems").stream()
                .limit(1)
                .forEach(problem -> lines.add(
                        in.of("  warning: ", "  경고: ") + TlsText.of(problem, "because", problem.word("text"), in)));
        int more = changed.size() - MOST_SHOWN;
        if (more > 0) {
            lines.add(in.of("  and " + more + " more", "  외 " + more + "개"));
        }
        return lines;
    }

    private String title(boolean isNothingNew) {
        String unchanged = answer.word("unchanged");
        return isNothingNew
                ? in.of(
                        "Nothing has changed in the certificates: " + unchanged + " are served as before.",
                        "바뀐 인증서가 없습니다. 인증서 " + unchanged + "개를 그대로 씁니다.")
                : in.of("The new certificates are served:", "새 인증서를 사용합니다:");
    }

    private String changed(Facts entry) {
        return "  " + String.join(", ", entry.texts("names"))
                + in.of(", issued by ", ", 발급자 ") + entry.word("issuer")
                + in.of(", valid until ", ", 유효 기간 ") + entry.word("notAfter");
    }
}

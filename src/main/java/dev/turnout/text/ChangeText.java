package dev.turnout.text;

import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The answer of a change for people: what happened, why, what holds now, and what to do next. At most {@value #MOST_LINES}
 * lines, made of the JSON form of a receipt or a problem.
 */
public final class ChangeText {

    static final int MOST_LINES = 10;
    private static final int LINE_CHARACTERS = 400;

    /** The steps of a change that come after its commit. */
    private static final Set<String> STEPS_IN_FORCE = Set.of("watch", "drain");

    private ChangeText() {}

    /** Returns the lines for an answer, without line ends. */
    public static List<String> of(JsonObject answer, Language language) {
        List<String> lines = lines(answer, language);
        List<String> shown = new ArrayList<>();
        lines.stream().limit(MOST_LINES).forEach(line -> shown.add(VisibleText.of(line, LINE_CHARACTERS)));
        return shown;
    }

    /** Returns true if the change that a problem tells of, as {@code switching}, is in force. It may have other steps to go. */
    public static boolean isInForce(JsonObject problem) {
        return new Facts(problem)
                .object("switching")
                .map(change -> STEPS_IN_FORCE.contains(change.word("step")))
                .orElse(false);
    }

    private static List<String> lines(JsonObject answer, Language language) {
        if (isProblem(answer)) {
            return ProblemText.of(answer, language);
        }
        if (CertificatesText.fits(answer)) {
            return CertificatesText.of(answer, language);
        }
        if (JointText.fits(answer)) {
            return JointText.of(answer, language);
        }
        if (RehearsalText.fits(answer)) {
            return RehearsalText.of(answer, language);
        }
        return ReloadText.fits(answer) ? ReloadText.of(answer, language) : ReceiptText.of(answer, language);
    }

    /** Returns true if an answer is a problem (RFC 9457), and not a receipt. */
    private static boolean isProblem(JsonObject answer) {
        return answer.containsKey("type") && answer.containsKey("title");
    }
}

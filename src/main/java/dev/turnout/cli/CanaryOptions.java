package dev.turnout.cli;

import dev.turnout.deployment.CanaryPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The options of a canary that goes up step by step. */
final class CanaryOptions {

    static final String STEPS = "--steps";
    static final String WAIT = "--wait";
    static final String YES = "--yes";

    private static final String USUAL_STEPS = "1,10,50";
    private static final Duration USUAL_WAIT = Duration.ofSeconds(60);

    private CanaryOptions() {}

    static CanaryPlan plan(ParseResult given, Session session) throws WordFailed {
        String text = Session.option(given, STEPS, USUAL_STEPS);
        List<Integer> steps = new ArrayList<>();
        int last = 0;
        for (String step : text.split(",", -1)) {
            if (!step.matches("[1-9][0-9]?|100")) {
                throw new WordFailed(
                        ExitCode.USAGE,
                        session.say(
                                "'" + step + "' is not a share from 1 to 100.",
                                "'" + step + "'은(는) 1에서 100 사이의 비율이 아닙니다."));
            }
            int weight = Integer.parseInt(step);
            if (weight <= last) {
                throw new WordFailed(
                        ExitCode.USAGE, session.say("the shares have to rise: " + text, "비율은 커져야 합니다: " + text));
            }
            steps.add(weight);
            last = weight;
        }
        return new CanaryPlan(steps, DeployOptions.time(given, WAIT, USUAL_WAIT, session), !Session.has(given, YES));
    }
}

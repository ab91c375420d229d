package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.deployment.DeployLimits;
import dev.turnout.deployment.DeployRequest;
import dev.turnout.deployment.DeploymentFailed;
import dev.turnout.deployment.Deployments;
import dev.turnout.deployment.Interruption;
import dev.turnout.deployment.KeepOld;
import dev.turnout.routing.SlotRelease;
import dev.turnout.routing.VisibleText;
import dev.turnout.switching.ChangeNote;
import dev.turnout.text.Phrase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ParseResult;

/** The options that {@code deploy} and {@code rollback} share, and what runs a deployment. */
final class DeployOptions {

    private static final String WATCH = "--watch";
    private static final String KEEP_OLD = "--keep-old";
    private static final String START = "--start-timeout";
    private static final String CHANGE = "--switch-timeout";
    private static final String STOP = "--stop-timeout";
    private static final String STATE = "--state";
    private static final String ADOPT = "--adopt";
    private static final String BY = "--by";
    private static final String NOTE = "--note";

    /** What the command that stops a version later is told too. */
    private static final List<String> HANDED_ON =
            List.of(WordSpec.TOKEN_FILE, WordSpec.CA_FILE, WordSpec.CERT_FILE, WordSpec.KEY_FILE, STATE, STOP);

    /** The value of {@value #KEEP_OLD} without a time. */
    static final String UNTIL_NEXT = "next";

    static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");

    private DeployOptions() {}

    static void define(WordSpec spec) {
        spec.option(
                        "TIME",
                        new Phrase(
                                "how long Turnout compares both versions under traffic after the switch, and switches back"
                                        + " if the new one is worse",
                                "전환 후 실제 트래픽에서 두 버전을 비교하는 시간. 새 버전이 나쁘면 되돌립니다"),
                        WATCH)
                .optionalValue(
                        "TIME",
                        UNTIL_NEXT,
                        TIME,
                        new Phrase(
                                "leave the old version running for this time, or until the next deployment: a rollback is"
                                        + " instant then",
                                "이전 버전을 이 시간 동안, 시간이 없으면 다음 배포까지 남겨 둡니다. 그동안 롤백이 즉시 됩니다"),
                        KEEP_OLD)
                .option(
                        "TIME",
                        new Phrase("for the new version to open its port (60s)", "새 버전이 포트를 여는 데 걸리는 시간 (60s)"),
                        START)
                .option(
                        "TIME",
                        new Phrase(
                                "to wait for Turnout's answer to a change (10m)", "변경에 대한 Turnout의 응답을 기다리는 시간 (10m)"),
                        CHANGE,
                        "--answer-timeout")
                .option("TIME", new Phrase("between SIGTERM and SIGKILL (40s)", "SIGTERM과 SIGKILL 사이의 시간 (40s)"), STOP)
                .flag(
                        new Phrase(
                                "stop also a process at the targets that is not known to be this application",
                                "이 애플리케이션인지 알 수 없는 프로세스도 종료합니다"),
                        ADOPT)
                .option("NAME", new Phrase("who deploys; by default this user", "배포하는 사람. 기본값은 현재 사용자입니다"), BY)
                .option("TEXT", new Phrase("a note for the history", "기록에 남길 메모"), NOTE)
                .file("DIR", new Phrase("the folder of releases, copies and logs", "릴리스, 복사본, 로그의 폴더"), STATE);
    }

    static Optional<Path> state(ParseResult given) {
        return Optional.ofNullable(given.matchedOptionValue(STATE, (Path) null));
    }

    /** Runs a deployment, so that signals interrupt it. */
    static ExitCode run(ParseResult given, Session session, DeployWord.Work work) throws WordFailed {
        DeployRequest request = request(given, session);
        Interruption interruption = new Interruption();
        Interrupts.tell(exit -> interruption.ask(exit.code()));
        AdminClient client = session.client(given);
        try (DeployVoice voice = new DeployVoice(session, given, client, interruption)) {
            Deployments deployments = Deployments.open(
                    client, Session.service(given), request, state(given), session.environment(), voice, interruption);
            work.run(deployments, again(given));
            return ExitCode.DONE;
        } catch (DeploymentFailed e) {
            String text = session.say("FAILED: ", "실패: ") + e.text(session.language());
            throw new WordFailed(
                    ExitCode.of(e.code()),
                    text.lines()
                            .map(line -> VisibleText.of(line, VisibleText.LONG))
                            .toArray(String[]::new));
        }
    }

    private static DeployRequest request(ParseResult given, Session session) throws WordFailed {
        Duration watch = time(given, WATCH, Duration.ZERO, session);
        DeployLimits limits = new DeployLimits(
                time(given, START, Duration.ofSeconds(60), session),
                time(given, CHANGE, Duration.ofMinutes(10), session),
                time(given, STOP, Duration.ofSeconds(40), session));
        return new DeployRequest(
                session.shortText(given, BY, ChangeNote.BY_CHARACTERS)
                        .or(session::person)
                        .orElseGet(() -> System.getProperty("user.name")),
                session.shortText(given, NOTE, SlotRelease.NOTE_CHARACTERS),
                watch.isZero() ? Optional.empty() : Optional.of(watch),
                keepOld(given, session),
                Session.has(given, ADOPT),
                limits);
    }

    private static KeepOld keepOld(ParseResult given, Session session) throws WordFailed {
        Optional<String> value = Session.option(given, KEEP_OLD);
        if (value.isEmpty()) {
            return new KeepOld.UntilReceipt();
        }
        return value.get().equals(UNTIL_NEXT)
                ? new KeepOld.UntilNext()
                : new KeepOld.For(time(given, KEEP_OLD, Duration.ZERO, session));
    }

    /** Returns the value of an option that is a span of time: a number of seconds, or with a unit. */
    static Duration time(ParseResult given, String name, Duration usual, Session session) throws WordFailed {
        Optional<String> text = Session.option(given, name);
        if (text.isEmpty()) {
            return usual;
        }
        Matcher matcher = TIME.matcher(text.get());
        if (!matcher.matches()) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            name + " needs a number of seconds, or a time such as 30s or 10m, not '" + text.get()
                                    + "'.",
                            name + "에는 초 단위 숫자나 30s, 10m 같은 시간이 필요합니다: '" + text.get() + "'."));
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Returns the command that stops what is due, with this command's options of place. */
    static List<String> again(ParseResult given) {
        List<String> again = new ArrayList<>(OwnCommandLine.program());
        again.addAll(List.of("deploy", "--stop-due", "--quiet", WordSpec.SERVICE, Session.service(given)));
        Session.option(given, WordSpec.URL).ifPresent(url -> again.addAll(List.of(WordSpec.URL, url)));
        for (String name : HANDED_ON) {
            if (Session.has(given, name)) {
                Object value = given.matchedOptionValue(name, (Object) null);
                String text = value instanceof Path path ? path.toAbsolutePath().toString() : String.valueOf(value);
                again.addAll(List.of(name, text));
            }
        }
        return again;
    }
}

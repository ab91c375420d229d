package dev.turnout.cli;

import dev.turnout.client.AdminPath;
import dev.turnout.text.Phrase;
import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The options that words which change something have in common. */
final class ChangeOptions {

    static final String BY = "--by";
    static final String NOTE = "--note";
    static final String VERSION = "--version";
    static final String WATCH = "--watch";
    static final String TTL = "--ttl";
    static final String DRY_RUN = "--dry-run";
    static final String FORCE = "--force";
    static final String WITHOUT = "--without";

    /** What {@link #DRY_RUN} does. */
    static final Phrase CHECK_ONLY = new Phrase("check only, and change nothing", "확인만 하고 아무것도 바꾸지 않습니다");

    private ChangeOptions() {}

    /** Adds the options of every change of a service. */
    static WordSpec any(WordSpec spec) {
        return noted(spec).service().json().quiet();
    }

    /** Adds the options of a change of one service, or of several in one step. */
    static WordSpec anyTogether(WordSpec spec) {
        return noted(spec).services().json().quiet();
    }

    /** Adds the options that say who asks for a change, and why. */
    static WordSpec noted(WordSpec spec) {
        return spec.option(
                        "NAME",
                        new Phrase(
                                "who asks for it; $SUDO_USER or $USER by default", "요청자. 기본값은 $SUDO_USER 또는 $USER입니다"),
                        BY)
                .option("TEXT", new Phrase("a note for the history", "기록에 남길 메모"), NOTE);
    }

    /** Adds the option of a change that all members of a fleet vote on. */
    static WordSpec together(WordSpec spec) {
        return spec.option(
                "MEMBERS",
                new Phrase(
                        "members of the fleet that are left out, since their machines are dead", "서버가 죽어 제외할 플릿의 멤버"),
                WITHOUT);
    }

    /** Adds the options of a change that may be tried or forced. */
    static WordSpec gated(WordSpec spec) {
        return spec.flag(CHECK_ONLY, DRY_RUN)
                .flag(
                        new Phrase(
                                "without the health check: even to a version that is down",
                                "상태 확인 없이, 응답하지 않는 버전으로도 전환합니다"),
                        FORCE);
    }

    /** Adds the options of a change that brings a version. */
    static WordSpec versioned(WordSpec spec) {
        return spec.option(
                        "TIME",
                        new Phrase(
                                "compare the new version with the old one for so long, and switch back if it is worse",
                                "이 시간 동안 새 버전을 이전 버전과 비교하고, 더 나쁘면 되돌립니다"),
                        WATCH)
                .option("TEXT", new Phrase("the version of the application", "애플리케이션 버전"), VERSION);
    }

    /** Returns a path with the options that were given. */
    static AdminPath added(AdminPath path, ParseResult given, Session session) {
        AdminPath call = path;
        for (String service : Session.services(given)) {
            call = call.with("service", service);
        }
        call = call.with("by", by(given, session)).with("note", Session.option(given, NOTE));
        for (String flag : new String[] {DRY_RUN, FORCE}) {
            call = call.with(flag.substring(2), isGiven(given, flag));
        }
        for (String option : new String[] {VERSION, WATCH, TTL, WITHOUT}) {
            call = call.with(option.substring(2), value(given, option));
        }
        return call;
    }

    /** Returns who asks for the change. */
    static Optional<String> by(ParseResult given, Session session) {
        return Session.option(given, BY).or(session::person);
    }

    private static boolean isGiven(ParseResult given, String flag) {
        return given.commandSpec().findOption(flag) != null && Session.has(given, flag);
    }

    private static Optional<String> value(ParseResult given, String option) {
        return given.commandSpec().findOption(option) == null ? Optional.empty() : Session.option(given, option);
    }

    /** Returns true if the change is only checked. */
    static boolean isDryRun(ParseResult given) {
        return isGiven(given, DRY_RUN);
    }

    /** Returns how long the new version is watched. */
    static Optional<Duration> watch(ParseResult given, Session session) throws WordFailed {
        Optional<String> text = value(given, WATCH);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(DurationConverter.parseDuration(text.get()));
        } catch (IllegalArgumentException e) {
            throw new WordFailed(
                    ExitCode.USAGE,
                    session.say(
                            "--watch is a time such as 30s or 2m, not '" + text.get() + "'.",
                            "--watch는 30s나 2m 같은 시간입니다. '" + text.get() + "'은(는) 시간이 아닙니다."));
        }
    }
}

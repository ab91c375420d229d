package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.deployment.Interruption;
import dev.turnout.deployment.Voice;
import dev.turnout.routing.VisibleText;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ParseResult;

/** What a deployment says, with the seconds since its begin. What is waited for is said seldom outside of a terminal. */
final class DeployVoice implements Voice, AutoCloseable {

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Session session;
    private final AdminClient client;
    private final Interruption interruption;
    private final TypedAnswers answers = new TypedAnswers();
    private final boolean isQuiet;
    private final long begin = System.nanoTime();
    private long lastSaid = begin;

    /** @param interruption ends the wait for an answer */
    DeployVoice(Session session, ParseResult given, AdminClient client, Interruption interruption) {
        this.session = session;
        this.client = client;
        this.interruption = interruption;
        this.isQuiet = Session.has(given, WordSpec.QUIET);
    }

    @Override
    public synchronized void say(String english, String korean) {
        if (!isQuiet) {
            lastSaid = System.nanoTime();
            session.terminal().line(timed(session.say(english, korean)));
        }
    }

    @Override
    public synchronized void waiting(String english, String korean) {
        if (isQuiet) {
            return;
        }
        if (session.terminal().isLive()) {
            session.terminal().live(List.of(timed(session.say(english, korean))));
        } else if (System.nanoTime() - lastSaid >= QUIET_NANOS) {
            say(english, korean);
        }
    }

    @Override
    public boolean agrees(String english, String korean) {
        session.terminal().line(timed(session.say(english, korean) + " [y/N]"));
        return answers.next(interruption::isAsked)
                .filter(answer -> answer.toLowerCase(Locale.ROOT).startsWith("y"))
                .isPresent();
    }

    @Override
    public Following follow(String service) {
        return isQuiet ? () -> {} : new FollowedChange(session, this, client, service).begin();
    }

    /** Shows lines that the next output replaces. Only for a terminal that is live. */
    synchronized void live(List<String> lines) {
        session.terminal().live(lines.stream().map(this::timed).toList());
    }

    private String timed(String text) {
        return String.format(
                Locale.ROOT,
                "[%3d s] %s",
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                VisibleText.of(text, VisibleText.LONG));
    }

    @Override
    public void close() {
        session.terminal().endLive();
    }
}

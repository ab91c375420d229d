package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.deployment.Voice;
import dev.turnout.routing.VisibleText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ParseResult;

/** What a deployment says, with the seconds since its begin. What is waited for is said seldom outside of a terminal. */
final class DeployVoice implements Voice, AutoCloseable {

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Session session;
    private final AdminClient client;
    private final boolean isQuiet;
    private final long begin = System.nanoTime();
    private long lastSaid = begin;

    DeployVoice(Session session, ParseResult given, AdminClient client) {
        this.session = session;
        this.client = client;
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
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String answer = in.readLine();
            return answer != null && answer.toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            return false;
        }
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

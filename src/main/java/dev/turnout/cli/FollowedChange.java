package dev.turnout.cli;

import dev.turnout.client.AdminClient;
import dev.turnout.client.AdminOutcome.Answered;
import dev.turnout.client.AdminPath;
import dev.turnout.client.ServiceStatus;
import dev.turnout.config.DaemonThread;
import dev.turnout.deployment.Voice;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The progress of a change that a deployment makes, from the events of the service. */
final class FollowedChange implements Voice.Following {

    private static final long FIRST_EVENT_SECONDS = 3;

    private final Session session;
    private final DeployVoice voice;
    private final AdminClient client;
    private final String service;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable ChangeProgress progress;

    FollowedChange(Session session, DeployVoice voice, AdminClient client, String service) {
        this.session = session;
        this.voice = voice;
        this.client = client;
        this.service = service;
    }

    /** Begins to listen. Returns when nothing that comes from now on is missed, or when nobody answers. */
    FollowedChange begin() {
        status().ifPresent(before -> {
            progress = new ChangeProgress(session.language(), before, Optional.empty());
            DaemonThread.start("turnout-events", this::listen);
            await(opened, FIRST_EVENT_SECONDS * 1000);
        });
        return this;
    }

    private void listen() {
        client.events(service, (kind, detail) -> {
            opened.countDown();
            return tell(kind, detail);
        });
        opened.countDown();
    }

    private synchronized boolean tell(String kind, io.vertx.core.json.JsonObject detail) {
        if (closed.getCount() == 0 || progress == null) {
            return false;
        }
        List<String> lines = progress.told(kind, detail);
        if (session.terminal().isLive() && !kind.equals("switched")) {
            voice.live(progress.live());
        } else {
            lines.forEach(line -> voice.say(line, line));
        }
        return true;
    }

    private Optional<ServiceStatus> status() {
        AdminPath path = AdminPath.of("admin", "status").with("service", service);
        return client.call("GET", path, Answer.QUICK) instanceof Answered answered
                ? answered.json().flatMap(ServiceStatus::of)
                : Optional.empty();
    }

    private static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        session.terminal().endLive();
    }
}

package dev.turnout.deployment;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The request of an operator, by Ctrl-C or a signal, to end a deployment. Any thread. */
public final class Interruption {

    private final AtomicInteger code = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);

    /**
     * Asks for the end. Later requests change nothing.
     *
     * @param exitCode 130 for SIGINT, 143 for SIGTERM and SIGHUP
     */
    public void ask(int exitCode) {
        code.compareAndSet(0, exitCode);
        asked.countDown();
    }

    /** Returns true if the operator has asked for the end. */
    public boolean isAsked() {
        return code.get() != 0;
    }

    /** Fails if the operator has asked for the end. */
    void check() throws DeploymentFailed {
        if (isAsked()) {
            throw new DeploymentFailed(code.get(), "Interrupted.", "중단되었습니다.");
        }
    }

    /** Waits for a while, or until the operator asks for the end. */
    void pause(long millis) {
        try {
            asked.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ask(143);
        }
    }
}

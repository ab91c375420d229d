package dev.turnout.proxy.loop;

import io.netty.channel.EventLoop;

/**
 * A task for the end of a turn of an event loop, once all that had come for its connections has been looked at. Asked for
 * more than once in a turn, the task runs once. Event loop only.
 */
public final class TurnEnd {

    private final EventLoop eventLoop;
    private final Runnable task;
    private final Runnable turn = this::run;
    private boolean asked;

    TurnEnd(EventLoop eventLoop, Runnable task) {
        this.eventLoop = eventLoop;
        this.task = task;
    }

    /** Has the task run at the end of this turn. */
    public void ask() {
        if (!asked) {
            asked = true;
            eventLoop.execute(turn);
        }
    }

    private void run() {
        asked = false;
        task.run();
    }
}

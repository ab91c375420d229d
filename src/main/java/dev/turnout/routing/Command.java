package dev.turnout.routing;

import java.util.Objects;

/** A wish to change the routing state of one service. {@link Transition#apply} grants or refuses it. */
public sealed interface Command {

    /** What the journal and the status say of it. */
    String describe();

    /** Make a slot the active one; ends a canary. A paused service stays paused. */
    record SwitchTo(Slot to) implements Command {
        public SwitchTo {
            Objects.requireNonNull(to, "to");
        }

        @Override
        public String describe() {
            return "switch to " + to;
        }
    }

    /** Make the slot active again that was active before the last switch. */
    record Rollback() implements Command {
        @Override
        public String describe() {
            return "rollback";
        }
    }

    /**
     * Send a share of the clients to the idle slot; all of its targets are in rotation when a canary begins.
     *
     * @param weight in percent; 0 ends the canary
     * @param key what the cookies of a canary that begins are signed with; one that goes on keeps its own
     */
    record SetCanary(int weight, String key) implements Command {
        public SetCanary {
            Objects.requireNonNull(key, "key");
        }

        @Override
        public String describe() {
            return "canary " + weight + " %";
        }
    }

    /** Give a target of the active slot no new requests; forced even if it is the last one. */
    record TakeOut(Target target, boolean force) implements Command {
        public TakeOut {
            Objects.requireNonNull(target, "target");
        }

        @Override
        public String describe() {
            return "take " + target + " out of rotation";
        }
    }

    /** Give a target of the active slot requests again. */
    record PutBack(Target target) implements Command {
        public PutBack {
            Objects.requireNonNull(target, "target");
        }

        @Override
        public String describe() {
            return "put " + target + " back into rotation";
        }
    }

    /** Hold new requests; ends a canary. */
    record Pause() implements Command {
        @Override
        public String describe() {
            return "pause";
        }
    }

    /** Let the held requests go. */
    record Resume() implements Command {
        @Override
        public String describe() {
            return "resume";
        }
    }
}

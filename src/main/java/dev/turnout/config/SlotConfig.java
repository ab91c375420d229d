package dev.turnout.config;

import java.time.Duration;
import java.util.Optional;

/** Keys of the slots: who may choose one, what responses tell of it, and how its targets begin. */
public final class SlotConfig {

    static final KeyTable KEYS = new KeyTable();

    static final Key<Boolean> PREVIEW = KEYS.add(Key.of("preview", ValueType.flag())
            .byDefault("false")
            .shared()
            .atReload()
            .english("Whether a request with `X-Turnout-Slot: green` goes to that slot, active or not. So "
                    + "a new version can be seen before it gets traffic."));

    static final Key<String> PREVIEW_SECRET = KEYS.add(Key.of("preview-secret", ValueType.secret())
            .shared()
            .atReload()
            .english("The secret that a preview has to send: `X-Turnout-Slot: green:SECRET`. Without a "
                    + "value no secret is needed."));

    static final Key<Boolean> SHOW_SLOT = KEYS.add(Key.of("show-slot", ValueType.flag())
            .byDefault("false")
            .shared()
            .atReload()
            .english("Whether each response names the slot that it comes from in `X-Turnout-Slot`."));

    static final Key<Duration> SLOW_START = KEYS.add(Key.of("slow-start", ValueType.time())
            .shared()
            .atReload()
            .english("How long the share of a target that comes back grows to a full share. Without a "
                    + "value the target gets a full share at once."));

    static final Key<Boolean> FAILOVER = KEYS.add(Key.of("failover", ValueType.flag())
            .byDefault("false")
            .shared()
            .atReload()
            .english("Whether Turnout, after its start, switches to the other slot if the active slot is dead, without "
                    + "being asked."));

    private final Values values;

    SlotConfig(Values values) {
        this.values = values;
    }

    /** Returns true if a request may choose a slot. */
    public boolean preview() {
        return values.get(PREVIEW);
    }

    public Optional<String> previewSecret() {
        return values.find(PREVIEW_SECRET);
    }

    public boolean showSlot() {
        return values.get(SHOW_SLOT);
    }

    public Optional<Duration> slowStart() {
        return values.find(SLOW_START);
    }

    public boolean failover() {
        return values.get(FAILOVER);
    }
}

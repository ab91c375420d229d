package dev.turnout.config;

import dev.turnout.text.Language;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** One receiver of notifications. */
public final class ReceiverConfig {

    private final Values values;
    private final ReceiverKeys keys;

    ReceiverConfig(Values values, ReceiverKeys keys) {
        this.values = values;
        this.keys = keys;
    }

    public String name() {
        return keys.receiver();
    }

    /** Returns what all keys of this receiver begin with. */
    public String prefix() {
        return keys.prefix();
    }

    boolean hasAddress() {
        return url().isPresent() || urlFile().isPresent();
    }

    public Optional<HookUrl> url() {
        return own(NotifyConfig.URL);
    }

    public Optional<Path> urlFile() {
        return own(NotifyConfig.URL_FILE);
    }

    /** Returns the form of the messages; empty if it follows from the address. */
    public Optional<HookForm> form() {
        return own(NotifyConfig.FORM);
    }

    public Set<NotifyEvent> events() {
        return ownOrTop(NotifyConfig.EVENTS).orElseThrow();
    }

    public Language language() {
        return ownOrTop(NotifyConfig.LANGUAGE).orElseThrow();
    }

    public Optional<String> secret() {
        return own(NotifyConfig.SECRET);
    }

    public Optional<Path> secretFile() {
        return own(NotifyConfig.SECRET_FILE);
    }

    public Optional<Path> caFile() {
        return ownOrTop(NotifyConfig.CA_FILE);
    }

    public Duration giveUp() {
        return ownOrTop(NotifyConfig.GIVE_UP).orElseThrow();
    }

    private <T> Optional<T> own(Key<T> key) {
        return values.find(keys.own(key));
    }

    private <T> Optional<T> ownOrTop(Key<T> key) {
        return own(key).or(() -> values.find(key));
    }
}

package dev.turnout.config;

import dev.turnout.text.Language;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Keys under {@code turnout.notify}: who is told of what happens. The keys at the top are those of receiver {@value #DEFAULT}. A
 * receiver of another name has the same keys below {@value #RECEIVERS}.
 */
public final class NotifyConfig {

    /** The name of the receiver whose keys stand at the top. */
    static final String DEFAULT = "default";

    static final String TOP = Key.TOP + "notify.";
    static final String RECEIVERS = TOP + "receivers.";

    static final KeyTable KEYS = new KeyTable();

    static final Key<HookUrl> URL = KEYS.add(key("url", ValueType.hookUrl())
            .english("The incoming webhook that is told of what happens. It is a secret, and is shown nowhere. Further"
                    + " receivers: `turnout.notify.receivers.\"ops\".url`, and so all keys of `turnout.notify`. A"
                    + " receiver without its own `events`, `language`, `ca-file` or `give-up` has that at the top."));

    static final Key<Path> URL_FILE = KEYS.add(key("url-file", ValueType.path())
            .english("The file whose first line is the URL, instead of `turnout.notify.url`."));

    static final Key<HookForm> FORM = KEYS.add(key("form", ValueType.word(HookForm.values()))
            .english("The form of the messages: `slack`, `discord`, `kakaowork`, or `json` for a program of your own."
                    + " Without a value it follows from the host of the URL. Mattermost and Rocket.Chat take"
                    + " `slack`."));

    static final Key<Set<NotifyEvent>> EVENTS = KEYS.add(key("events", ValueType.words(NotifyEvent.values()))
            .byDefault("deployed,refused,switched-back,service-down,service-back,maintenance,certificate")
            .english("What the receiver is told of, separated by commas. `deployed`: another slot serves. `refused`:"
                    + " a change was not made. `switched-back`: the slot before serves again. `service-down` and"
                    + " `service-back`: no target is up, and one is again or the service was removed."
                    + " `maintenance`: it was turned on or off. `certificate`: it ends soon, has failed, or is in"
                    + " order again."));

    static final Key<Language> LANGUAGE = KEYS.add(key("language", ValueType.language())
            .byDefault("en")
            .english("The language of the messages: `en` or `ko`."));

    static final Key<String> SECRET = KEYS.add(key("secret", ValueType.signingSecret())
            .english("The secret that messages of the form `json` are signed with: HMAC-SHA256 as in Standard"
                    + " Webhooks. Behind `whsec_` it is base64; any other text is the secret itself. Without a value"
                    + " nothing is signed."));

    static final Key<Path> SECRET_FILE = KEYS.add(key("secret-file", ValueType.path())
            .english("The file whose first line is the secret, instead of `turnout.notify.secret`."));

    static final Key<Path> CA_FILE = KEYS.add(key("ca-file", ValueType.path())
            .english("The PEM file of the authorities that the receiver's certificate is trusted by. Without a value"
                    + " it is what Java trusts."));

    static final Key<Duration> GIVE_UP = KEYS.add(key("give-up", ValueType.time())
            .byDefault("10m")
            .english("How long a message is tried again while the receiver can't take it. Then it is dropped, logged"
                    + " and counted. 100 messages wait at most for each receiver."));

    private final Values values;
    private final List<ReceiverKeys> receivers;

    /** @param receivers those with a name of their own */
    NotifyConfig(Values values, List<ReceiverKeys> receivers) {
        this.values = values;
        this.receivers = List.copyOf(receivers);
    }

    private static <T> Key<T> key(String path, ValueType<T> type) {
        return Key.of(path, type).below("notify.").atReload();
    }

    /** Returns every receiver that has an address. */
    public List<ReceiverConfig> receivers() {
        return ReceiverKeys.andDefault(receivers).stream()
                .map(keys -> new ReceiverConfig(values, keys))
                .filter(ReceiverConfig::hasAddress)
                .toList();
    }
}

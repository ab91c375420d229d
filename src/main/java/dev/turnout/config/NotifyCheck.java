package dev.turnout.config;

import java.util.List;
import java.util.Optional;

/** The check of the keys under {@code turnout.notify} against each other. */
final class NotifyCheck {

    /** Each has a thread and a queue. */
    private static final int MOST_RECEIVERS = 16;

    private final ParsedValues values;
    private final List<ReceiverKeys> receivers;

    /** @param named the receivers with a name of their own */
    NotifyCheck(ParsedValues values, List<ReceiverKeys> named) {
        this.values = values;
        this.receivers = ReceiverKeys.andDefault(named);
    }

    /** Records what is wrong as errors of the values. */
    void run(List<String> warnings) {
        List<ReceiverKeys> used = receivers.stream().filter(this::hasAddress).toList();
        if (used.size() > MOST_RECEIVERS) {
            values.error(
                    used.get(MOST_RECEIVERS).own(NotifyConfig.URL),
                    "there are " + used.size() + " receivers; allowed are " + MOST_RECEIVERS);
        }
        receivers.forEach(receiver -> check(receiver, warnings));
        if (used.isEmpty()) {
            NotifyConfig.KEYS.stream()
                    .filter(values::isGiven)
                    .findFirst()
                    .ifPresent(key -> warnings.add("Nobody is told of anything although " + key.name()
                            + " has a value: that takes turnout.notify.url."));
        }
    }

    private boolean hasAddress(ReceiverKeys receiver) {
        return values.isGiven(receiver.own(NotifyConfig.URL)) || values.isGiven(receiver.own(NotifyConfig.URL_FILE));
    }

    private void check(ReceiverKeys receiver, List<String> warnings) {
        onlyOne(receiver.own(NotifyConfig.URL), receiver.own(NotifyConfig.URL_FILE));
        onlyOne(receiver.own(NotifyConfig.SECRET), receiver.own(NotifyConfig.SECRET_FILE));
        if (!receiver.isDefault() && !hasAddress(receiver)) {
            values.error(
                    receiver.own(NotifyConfig.URL),
                    "receiver '" + receiver.receiver() + "' has no address; allowed with this key or "
                            + receiver.own(NotifyConfig.URL_FILE).name());
        }
        values.find(receiver.own(NotifyConfig.URL)).ifPresent(url -> url(receiver, url, warnings));
    }

    private void onlyOne(Key<?> value, Key<?> file) {
        if (values.isGiven(value) && values.isGiven(file)) {
            values.error(file, value.name() + " has a value too; allowed is one of them");
        }
    }

    private void url(ReceiverKeys receiver, HookUrl url, List<String> warnings) {
        url.doubt()
                .ifPresent(doubt -> warnings.add(
                        "The URL of " + receiver.own(NotifyConfig.URL).name() + " " + doubt + "."));
        Optional<HookForm> given = values.find(receiver.own(NotifyConfig.FORM));
        HookForm form = given.orElseGet(url::form);
        List.of(receiver.own(NotifyConfig.SECRET), receiver.own(NotifyConfig.SECRET_FILE)).stream()
                .filter(key -> form != HookForm.JSON && values.isGiven(key))
                .forEach(key -> warnings.add(key.name() + " has no effect: messages for " + form
                        + " are not signed, only the form json is."));
    }
}

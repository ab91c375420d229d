package dev.turnout.config;

import java.util.List;

/** The check of the keys under {@code turnout.tracing} against each other and the mode. */
final class TracingCheck {

    private final ParsedValues values;

    TracingCheck(ParsedValues values) {
        this.values = values;
    }

    void run(List<String> warnings) {
        if (values.isNginx() && values.isGiven(TracingConfig.URL)) {
            warnings.add(
                    TracingConfig.URL.name() + " has no effect: with turnout.mode=nginx requests do not pass Turnout."
                            + " Trace in nginx: 'otel_trace on;' of its module ngx_otel_module");
        } else if (!values.isGiven(TracingConfig.URL)) {
            TracingConfig.KEYS.stream()
                    .filter(values::isGiven)
                    .findFirst()
                    .ifPresent(key -> warnings.add("Requests are not traced although " + key.name()
                            + " has a value: that takes " + TracingConfig.URL.name() + "."));
        }
        values.find(TracingConfig.CA_FILE)
                .filter(file -> values.find(TracingConfig.URL)
                        .filter(url -> "http".equals(url.getScheme()))
                        .isPresent())
                .ifPresent(file -> values.error(
                        TracingConfig.CA_FILE,
                        "spans would go over plain HTTP; allowed with a " + TracingConfig.URL.name()
                                + " that begins with https://"));
    }
}

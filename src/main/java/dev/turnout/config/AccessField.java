package dev.turnout.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a template of the access log can name, by the word that stands in braces. */
public enum AccessField {
    TIME("time"),
    CLF_TIME("clfTime"),
    CLIENT("client"),
    USER("user"),
    METHOD("method"),
    TARGET("target"),
    HOST("host"),
    PROTOCOL("protocol"),
    TLS("tls"),
    STATUS("status"),
    BYTES("bytes"),
    REQUEST_BYTES("requestBytes"),
    MILLIS("millis"),
    HEAD_MILLIS("headMillis"),
    SERVICE("service"),
    SLOT("slot"),
    UPSTREAM("upstream"),
    BRIDGED("bridged"),
    CAUSE("cause"),
    REQUEST_ID("requestId"),
    TRACE_ID("traceId"),
    REFERER("referer"),
    USER_AGENT("userAgent");

    private final String word;

    AccessField(String word) {
        this.word = word;
    }

    /** Returns the word of the field. */
    public String word() {
        return word;
    }

    static Optional<AccessField> of(String word) {
        return Arrays.stream(values()).filter(field -> field.word.equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(AccessField::word).collect(Collectors.joining(", "));
    }
}

package dev.turnout.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration: the only place of its name, its default, its type and its text.
 *
 * @param prefix what the name begins with: {@value #TOP}, or the prefix of a service or a certificate
 * @param path the rest of the name
 * @param type which values are allowed, and how their text is read
 * @param defaultValue the text that holds if nobody gives a value; empty if the key may be without a value
 * @param scope whether services have this key too
 * @param holdsAt when a new value in the file holds
 * @param english what the key is for, in Markdown, for the reference
 */
record Key<T>(
        String prefix,
        String path,
        ValueType<T> type,
        Optional<String> defaultValue,
        Scope scope,
        HoldsAt holdsAt,
        String english) {

    static final String TOP = "turnout.";
    static final String SERVICES = TOP + "services.";

    /** The prefix that stands for the prefix of any service. */
    static final String NAME_SERVICE = SERVICES + "\"NAME\".";

    static final String CERTIFICATES = TOP + "tls.certificates.";

    /** The prefix that stands for the prefix of any certificate. */
    static final String NAME_CERTIFICATE = CERTIFICATES + "\"NAME\".";

    static final String RULES = "rules.";

    /** The prefix that stands for the prefix of any rule at the top. */
    static final String NAME_RULE = TOP + RULES + "\"NAME\".";

    /** Where a key may stand. */
    enum Scope {
        /** At the top only: the key is not about services. */
        PROGRAM("it holds for the program as a whole"),
        /** At the top only: the value is needed before the service of a request is known. */
        CONNECTION("it holds for a client's connection and for the head of a request, before its service is known"),
        /** At the top only: the value bounds all services together. */
        ALL_SERVICES("it bounds all services together"),
        /** At the top, and in a service that needs another value. */
        SHARED(null),
        /** In each service; at the top it belongs to service {@code default}. */
        EACH_SERVICE(null),
        /** In services other than {@code default} only. */
        NAMED_SERVICE(null),
        /** In certificates only. */
        CERTIFICATE(null),
        /** In rules only, at the top or in a service. */
        RULE(null);

        private final @Nullable String whyNotInService;

        Scope(@Nullable String whyNotInService) {
            this.whyNotInService = whyNotInService;
        }

        /** Returns why a service can't have a value of its own; empty for keys that stand elsewhere than at the top. */
        Optional<String> whyNotInService() {
            return Optional.ofNullable(whyNotInService);
        }
    }

    /** When a new value in the file holds. */
    enum HoldsAt {
        /** At the next start. */
        START,
        /** At the next start, and at a reload. */
        RELOAD
    }

    /** Returns a key of the program, without a default and without a text, that needs a restart. */
    static <T> Key<T> of(String path, ValueType<T> type) {
        return new Key<>(TOP, path, type, Optional.empty(), Scope.PROGRAM, HoldsAt.START, "");
    }

    /** Returns this key with a default. */
    Key<T> byDefault(String value) {
        return new Key<>(prefix, path, type, Optional.of(value), scope, holdsAt, english);
    }

    /**
     * Returns this key with more before its path at the top. In a service the path stands alone.
     *
     * @param part with a dot at its end
     */
    Key<T> below(String part) {
        return new Key<>(TOP + part, path, type, defaultValue, scope, holdsAt, english);
    }

    /** Returns this key as a key whose value is needed before the service of a request is known. */
    Key<T> ofConnections() {
        return new Key<>(prefix, path, type, defaultValue, Scope.CONNECTION, holdsAt, english);
    }

    /** Returns this key as a key whose value bounds all services together. */
    Key<T> ofAllServices() {
        return new Key<>(prefix, path, type, defaultValue, Scope.ALL_SERVICES, holdsAt, english);
    }

    /** Returns this key as a key that services may have too. */
    Key<T> shared() {
        return new Key<>(prefix, path, type, defaultValue, Scope.SHARED, holdsAt, english);
    }

    /** Returns this key as a key that each service has. */
    Key<T> ofEachService() {
        return new Key<>(prefix, path, type, defaultValue, Scope.EACH_SERVICE, holdsAt, english);
    }

    /** Returns this key as a key of services other than {@code default}. */
    Key<T> ofNamedServices() {
        return new Key<>(NAME_SERVICE, path, type, defaultValue, Scope.NAMED_SERVICE, holdsAt, english);
    }

    /** Returns this key as a key of certificates. Its new value holds after a reload. */
    Key<T> ofCertificates() {
        return new Key<>(NAME_CERTIFICATE, path, type, defaultValue, Scope.CERTIFICATE, HoldsAt.RELOAD, english);
    }

    /** Returns this key as a key of rules. Its new value holds after a reload. */
    Key<T> ofRules() {
        return new Key<>(NAME_RULE, path, type, defaultValue, Scope.RULE, HoldsAt.RELOAD, english);
    }

    /** Returns this key as a key whose new value holds after a reload. */
    Key<T> atReload() {
        return new Key<>(prefix, path, type, defaultValue, scope, HoldsAt.RELOAD, english);
    }

    /** Returns this key with its text; the text in another language becomes a component beside it. */
    Key<T> english(String text) {
        return new Key<>(prefix, path, type, defaultValue, scope, holdsAt, text);
    }

    /**
     * Returns the same key in a service, a certificate or a rule. A default at the top is not the service's own default.
     *
     * @param owner the prefix of the service or certificate, such as {@code turnout.services."shop".}
     */
    Key<T> in(String owner) {
        boolean hasDefault = scope == Scope.NAMED_SERVICE || scope == Scope.RULE;
        Optional<String> ownDefault = hasDefault ? defaultValue : Optional.empty();
        return new Key<>(owner, path, type, ownDefault, scope, holdsAt, english);
    }

    /** Returns true if neither a service nor anything else with a name may have this key. */
    boolean isAtTopOnly() {
        return scope.whyNotInService().isPresent();
    }

    /** Returns true if services have this key by its path alone, without what stands before the path at the top. */
    boolean isRenamedInServices() {
        return scope == Scope.SHARED && !prefix.equals(TOP);
    }

    /** Returns the whole name. */
    String name() {
        return prefix + path;
    }

    /** Returns the name of the environment variable that gives this key its value. */
    String variable() {
        return Spelling.variable(name());
    }
}

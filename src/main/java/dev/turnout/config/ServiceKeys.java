package dev.turnout.config;

import dev.turnout.config.Key.Scope;
import dev.turnout.routing.Service;
import dev.turnout.routing.Target;
import java.util.List;

/**
 * The keys of one service.
 *
 * @param service the service's name
 * @param prefix what the service's keys begin with; service {@code default} has the keys at the top
 */
record ServiceKeys(String service, String prefix) {

    /** Returns the keys of service {@code default}. */
    static ServiceKeys ofDefault() {
        return new ServiceKeys(Service.DEFAULT, Key.TOP);
    }

    boolean isDefault() {
        return prefix.equals(Key.TOP);
    }

    /** Returns what stands for a key of the table in this service. */
    <T> Key<T> own(Key<T> key) {
        return isDefault() || key.isAtTopOnly() ? key : key.in(prefix);
    }

    /** Returns every key that only this service has. */
    List<Key<?>> all() {
        return Keys.ALL.stream().filter(this::isOwn).<Key<?>>map(this::own).toList();
    }

    /** Returns the keys of both slots' targets. */
    List<Key<List<Target>>> slots() {
        return List.of(own(ServiceSettings.BLUE), own(ServiceSettings.GREEN));
    }

    private boolean isOwn(Key<?> key) {
        return key.scope() == Scope.EACH_SERVICE
                || key.scope() == Scope.NAMED_SERVICE
                || key.scope() == Scope.SHARED && !isDefault();
    }
}

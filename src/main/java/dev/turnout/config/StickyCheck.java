package dev.turnout.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The check of what keeps clients at their targets, in each service. */
final class StickyCheck {

    private final ParsedValues values;
    private final List<ServiceKeys> services;

    /** @param services all services */
    StickyCheck(ParsedValues values, List<ServiceKeys> services) {
        this.values = values;
        this.services = services;
    }

    void run() {
        if (!values.isNginx()) {
            return;
        }
        Set<Key<StickyMode>> refused = new LinkedHashSet<>();
        for (ServiceKeys service : services) {
            Key<StickyMode> key = values.inForce(service, ServiceSettings.STICKY);
            if (values.find(key).filter(mode -> !mode.isOff()).isPresent()) {
                refused.add(key);
            }
        }
        refused.forEach(key -> values.error(
                key, "nginx chooses the targets; allowed with turnout.mode=nginx is off. nginx has ip_hash for it"));
    }
}

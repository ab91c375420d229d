package dev.turnout.proxy.observe;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests are written to which access log.
 *
 * @param ofNoService how requests are written that are for no service; empty if they are not
 * @param byService how the requests of a service are written, by its name; a service that is not there has no log
 */
public record AccessLogPlan(Optional<AccessLogSettings> ofNoService, Map<String, AccessLogSettings> byService) {

    public AccessLogPlan {
        byService = Map.copyOf(byService);
    }

    /** Returns the files that are written. */
    Set<Path> files() {
        Set<Path> files = new HashSet<>();
        ofNoService.ifPresent(settings -> files.add(settings.file()));
        byService.values().forEach(settings -> files.add(settings.file()));
        return files;
    }
}

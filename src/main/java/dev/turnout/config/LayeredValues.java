package dev.turnout.config;

import dev.turnout.config.ConfigCheck.Given;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The values of files, below those that hold in their place: of keys that need a restart, and of services that were given at
 * run time. A layer is data. So a configuration keeps none of those before it, however often it is changed.
 *
 * @param files returns what the files give
 * @param names that the files give
 * @param held the values of keys, by their names, whatever the files say
 * @param services the keys of services whose keys in the files do not count, by what their names begin with
 */
record LayeredValues(
        Function<String, Optional<Given>> files,
        SortedMap<String, String> names,
        Map<String, Optional<Given>> held,
        NavigableMap<String, Map<String, Given>> services)
        implements Function<String, Optional<Given>> {

    static LayeredValues over(ConfigTexts texts) {
        return texts.values() instanceof LayeredValues layered
                ? layered
                : new LayeredValues(texts.values(), texts.names(), Map.of(), new TreeMap<>());
    }

    LayeredValues holding(Map<String, Optional<Given>> values) {
        return new LayeredValues(files, names, Map.copyOf(values), services);
    }

    /**
     * Returns these with other keys of one service.
     *
     * @param prefix what the names of its keys begin with
     * @param own its keys by their whole names; none for no such service
     */
    LayeredValues withService(String prefix, Map<String, Given> own) {
        NavigableMap<String, Map<String, Given>> next = new TreeMap<>(services);
        if (own.isEmpty() && !areInFiles(prefix)) {
            next.remove(prefix);
        } else {
            next.put(prefix, Map.copyOf(own));
        }
        return new LayeredValues(files, names, held, next);
    }

    private boolean areInFiles(String prefix) {
        return names.tailMap(prefix).keySet().stream()
                .findFirst()
                .filter(name -> name.startsWith(prefix))
                .isPresent();
    }

    @Override
    public Optional<Given> apply(String name) {
        Optional<Given> instead = held.get(name);
        if (instead != null) {
            return instead;
        }
        // The name of a service is quoted, so that no prefix begins with another one.
        Map.Entry<String, Map<String, Given>> service = services.floorEntry(name);
        return service != null && name.startsWith(service.getKey())
                ? Optional.ofNullable(service.getValue().get(name))
                : files.apply(name);
    }
}

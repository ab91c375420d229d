package dev.turnout.config;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * The source of the configuration files that {@code QUARKUS_CONFIG_LOCATIONS} names, and of {@link RunTimeServices}, for the server. Commands read the same
 * files by {@link FurtherFiles} too.
 */
public final class NamedFiles implements ConfigSourceProvider {

    /** Returns the files that can be read. The check of the start has refused the others. */
    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
        FurtherFiles further = FurtherFiles.named(System.getenv());
        List<ConfigSource> sources = new ArrayList<>(further.sources());
        RunTimeServices.source(StartCheck.directory(further)).ifPresent(sources::add);
        return List.copyOf(sources);
    }
}

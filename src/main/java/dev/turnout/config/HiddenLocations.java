package dev.turnout.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Hides the places of further configuration files from Quarkus. Quarkus would give such a file the rank of the source that
 * names it, and so have it win over environment variables. {@link NamedFiles} reads the files instead.
 */
public final class HiddenLocations implements ConfigSourceInterceptor {

    @Serial
    private static final long serialVersionUID = 1;

    private static final String LOCATIONS = "smallrye.config.locations";

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        return name.equals(LOCATIONS) || name.equals(FurtherFiles.PROPERTY) ? null : context.proceed(name);
    }
}

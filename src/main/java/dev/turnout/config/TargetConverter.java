package dev.turnout.config;

import dev.turnout.routing.Target;
import org.eclipse.microprofile.config.spi.Converter;

/** Lets a configured value be a {@link Target}. */
public final class TargetConverter implements Converter<Target> {

    private static final long serialVersionUID = 1L;

    @Override
    public Target convert(String value) {
        return Target.parse(value.strip());
    }
}

package dev.turnout.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Lets a configured value be a {@link HostPattern}. */
public final class HostPatternConverter implements Converter<HostPattern> {

    private static final long serialVersionUID = 1L;

    @Override
    public HostPattern convert(String value) {
        return HostPattern.parse(value.strip());
    }
}

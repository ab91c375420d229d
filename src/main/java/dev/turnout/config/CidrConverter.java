package dev.turnout.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Lets a configured value be a {@link Cidr}. */
public final class CidrConverter implements Converter<Cidr> {

    private static final long serialVersionUID = 1L;

    @Override
    public Cidr convert(String value) {
        return Cidr.parse(value.strip());
    }
}

package dev.turnout.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Lets a configured value be a {@link StatusRanges}. */
public final class StatusRangesConverter implements Converter<StatusRanges> {

    private static final long serialVersionUID = 1L;

    @Override
    public StatusRanges convert(String value) {
        return StatusRanges.parse(value.strip());
    }
}

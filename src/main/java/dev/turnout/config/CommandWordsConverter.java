package dev.turnout.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Lets a configured value be a {@link CommandWords}. */
public final class CommandWordsConverter implements Converter<CommandWords> {

    private static final long serialVersionUID = 1L;

    @Override
    public CommandWords convert(String value) {
        return CommandWords.parse(value.strip());
    }
}

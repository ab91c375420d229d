package dev.turnout.text;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A language that people read Turnout's texts in. Both languages of a text stand beside each other, see {@link #of}. */
public enum Language {
    ENGLISH,
    KOREAN;

    /** A header with more ranges than this is answered by its first ranges. */
    private static final int MOST_RANGES = 32;

    /** Returns the form of a text that is in this language. */
    public String of(String english, String korean) {
        return this == KOREAN ? korean : english;
    }

    /**
     * Returns the language that a client prefers (RFC 9110, section 12.5.4).
     *
     * @param header the field {@code Accept-Language}, or null if the client sent none
     */
    public static Language ofAcceptLanguage(@Nullable String header) {
        double english = 0;
        double korean = 0;
        String[] ranges = header == null ? new String[0] : header.split(",", MOST_RANGES + 1);
        for (int i = 0; i < Math.min(ranges.length, MOST_RANGES); i++) {
            String range = ranges[i].strip().toLowerCase(Locale.ROOT);
            int parameters = range.indexOf(';');
            String name =
                    parameters < 0 ? range : range.substring(0, parameters).strip();
            double weight = parameters < 0 ? 1 : weight(range.substring(parameters + 1));
            if (isIn(name, "ko")) {
                korean = Math.max(korean, weight);
            } else if (isIn(name, "en")) {
                english = Math.max(english, weight);
            }
        }
        return korean > english ? KOREAN : ENGLISH;
    }

    /** Returns the language of a process's environment: of {@code LC_ALL}, {@code LC_MESSAGES} or {@code LANG}. */
    public static Language ofEnvironment(Map<String, String> environment) {
        return Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .map(Language::ofLocale)
                .orElse(ENGLISH);
    }

    /** Returns the language of a locale's name, such as {@code ko_KR.UTF-8}. */
    public static Language ofLocale(String name) {
        return isIn(name.toLowerCase(Locale.ROOT).replaceFirst("[.@].*", "").replace('_', '-'), "ko")
                ? KOREAN
                : ENGLISH;
    }

    private static boolean isIn(String range, String language) {
        return range.equals(language) || range.startsWith(language + "-");
    }

    private static double weight(String parameter) {
        String text = parameter.strip();
        try {
            return text.startsWith("q=") ? Double.parseDouble(text.substring(2)) : 1;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}

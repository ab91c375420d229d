package dev.turnout.deployment;

import java.util.Map;
import java.util.stream.Stream;

/** The environment of what a deployment starts: that of the command, without what only Turnout may know. */
final class ChildEnvironment {

    static final String TOKEN = "TURNOUT_ADMIN_TOKEN";

    /** By this property the start script hands over the operator's locale. */
    private static final String LOCALE = "cli.locale";

    private static final String ALL = "LC_ALL";

    private ChildEnvironment() {}

    static void clean(Map<String, String> environment) {
        environment.remove(TOKEN);
        String locale = System.getProperty(LOCALE);
        if (locale != null) {
            restore(environment, locale);
        } else {
            replaceBare(environment);
        }
    }

    /** Does what the start script does, for an executable: a locale without letters is replaced. */
    static void replaceBare(Map<String, String> environment) {
        String locale = Stream.of(ALL, "LC_CTYPE", "LANG")
                .map(environment::get)
                .filter(value -> value != null && !value.isEmpty())
                .findFirst()
                .orElse("");
        if (isBare(locale)) {
            environment.put(ALL, "C.UTF-8");
        }
    }

    private static boolean isBare(String locale) {
        return locale.isEmpty() || locale.equals("C") || locale.equals("POSIX");
    }

    /**
     * Restores the operator's locale, in whose place the start script has set one with UTF-8. The locale without
     * letters stays replaced: a JVM can't even name a folder with Korean letters in it.
     */
    static void restore(Map<String, String> environment, String locale) {
        if (isBare(locale)) {
            return;
        }
        environment.remove(ALL);
        boolean isSetOtherwise = Stream.of("LC_MESSAGES", "LANG")
                .map(environment::get)
                .filter(value -> value != null && !value.isEmpty())
                .findFirst()
                .filter(locale::equals)
                .isPresent();
        if (!isSetOtherwise) {
            environment.put(ALL, locale);
        }
    }
}

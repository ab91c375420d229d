package dev.turnout.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Korean of what is found wrong in a configuration, and of the warnings of receipts. Both are made in English. A
 * message is one of the templates of {@link CheckMessages}, {@link CheckValues} and {@link ReceiptWarnings} with facts in
 * its gaps, and a fact may be a message itself. Pure.
 */
public final class CheckText {

    /** A gap, and a gap of one word. */
    private static final Pattern GAP = Pattern.compile("\\{(w?)}");

    /** The number of a gap. */
    private static final Pattern NUMBER = Pattern.compile("\\{([1-9])}");

    private static final int DEEPEST = 8;

    /** The most literal template comes first: it says the most of a message. */
    private static final List<Template> TEMPLATES = templates();

    private CheckText() {}

    private record Template(Pattern english, int literal, String korean) {

        static Template of(String english, String korean) {
            StringBuilder pattern = new StringBuilder();
            int begin = 0;
            int literal = 0;
            for (Matcher gap = GAP.matcher(english); gap.find(); begin = gap.end()) {
                pattern.append(Pattern.quote(english.substring(begin, gap.start())))
                        .append(gap.group(1).isEmpty() ? "(.*?)" : "([^ ]+)");
                literal += gap.start() - begin;
            }
            pattern.append(Pattern.quote(english.substring(begin)));
            literal += english.length() - begin;
            return new Template(Pattern.compile(pattern.toString(), Pattern.DOTALL), literal, korean);
        }
    }

    private static List<Template> templates() {
        List<Template> all = new ArrayList<>();
        for (String table : List.of(CheckMessages.TABLE, CheckValues.TABLE, ReceiptWarnings.TABLE)) {
            List<String> lines = table.lines().filter(line -> !line.isBlank()).toList();
            for (int i = 0; i + 1 < lines.size(); i += 2) {
                all.add(Template.of(lines.get(i).strip(), lines.get(i + 1).strip()));
            }
        }
        all.sort(Comparator.comparingInt(Template::literal).reversed());
        return List.copyOf(all);
    }

    /** Returns a message in a language. A message or a fact that no template is for stays in English. */
    public static String of(String english, Language language) {
        return language == Language.ENGLISH ? english : korean(english).orElse(english);
    }

    /** Returns messages in a language. */
    public static List<String> of(List<String> english, Language language) {
        return english.stream().map(message -> of(message, language)).toList();
    }

    /** Returns a message in both languages. */
    public static Phrase phrase(String english) {
        return new Phrase(english, of(english, Language.KOREAN));
    }

    /** Returns the Korean of a message; empty if no template is for it. */
    static Optional<String> korean(String english) {
        return korean(english, DEEPEST);
    }

    private static Optional<String> korean(String english, int depth) {
        if (depth == 0) {
            return Optional.empty();
        }
        for (Template template : TEMPLATES) {
            Matcher matcher = template.english.matcher(english);
            if (matcher.matches()) {
                return Optional.of(filled(template.korean, matcher, depth));
            }
        }
        return Optional.empty();
    }

    private static String filled(String korean, Matcher facts, int depth) {
        return NUMBER.matcher(korean).replaceAll(number -> {
            String fact = facts.group(Integer.parseInt(number.group(1)));
            return Matcher.quoteReplacement(korean(fact, depth - 1).orElse(fact));
        });
    }
}

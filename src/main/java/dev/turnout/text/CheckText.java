package dev.turnout.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    /**
     * A message with gaps.
     *
     * @param parts what stands before, between and behind the gaps
     * @param areWords whether the fact of a gap is one word
     */
    private record Template(List<String> parts, List<Boolean> areWords, int literal, String korean) {

        static Template of(String english, String korean) {
            List<String> parts = new ArrayList<>();
            List<Boolean> areWords = new ArrayList<>();
            int begin = 0;
            for (Matcher gap = GAP.matcher(english); gap.find(); begin = gap.end()) {
                parts.add(english.substring(begin, gap.start()));
                areWords.add(!gap.group(1).isEmpty());
            }
            parts.add(english.substring(begin));
            return new Template(
                    parts, areWords, parts.stream().mapToInt(String::length).sum(), korean);
        }

        /**
         * Returns what stands in the gaps of a message; null if the message is not of this template. Each gap ends where
         * the next part is found first, so a long message takes no longer than its length.
         */
        @Nullable
        List<String> facts(String message) {
            if (areWords.isEmpty()) {
                return message.equals(parts.get(0)) ? List.of() : null;
            }
            String last = parts.get(parts.size() - 1);
            int end = message.length() - last.length();
            if (!message.startsWith(parts.get(0)) || !message.endsWith(last)) {
                return null;
            }
            List<String> facts = new ArrayList<>();
            int begin = parts.get(0).length();
            for (int i = 0; i < areWords.size(); i++) {
                String next = parts.get(i + 1);
                int gapEnd = i + 1 == areWords.size() ? end : message.indexOf(next, begin);
                if (gapEnd < begin || gapEnd + next.length() > message.length()) {
                    return null;
                }
                String fact = message.substring(begin, gapEnd);
                if (areWords.get(i) && (fact.isEmpty() || fact.indexOf(' ') >= 0)) {
                    return null;
                }
                facts.add(fact);
                begin = gapEnd + next.length();
            }
            return facts;
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
            List<String> facts = template.facts(english);
            if (facts != null) {
                return Optional.of(filled(template.korean, facts, depth));
            }
        }
        return Optional.empty();
    }

    private static String filled(String korean, List<String> facts, int depth) {
        return NUMBER.matcher(korean).replaceAll(number -> {
            String fact = facts.get(Integer.parseInt(number.group(1)) - 1);
            return Matcher.quoteReplacement(korean(fact, depth - 1).orElse(fact));
        });
    }
}

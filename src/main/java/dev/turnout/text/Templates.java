package dev.turnout.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * English messages with gaps, and their Korean. In a table each template is two lines: the English, where {@code {}} is a
 * gap and {@code {w}} a gap of one word, and the Korean, where a number in braces is the fact of that gap. A fact may be a
 * message itself. Pure.
 */
final class Templates {

    /** A gap, and a gap of one word. */
    private static final Pattern GAP = Pattern.compile("\\{(w?)}");

    /** The number of a gap. */
    private static final Pattern NUMBER = Pattern.compile("\\{([1-9])}");

    private static final int DEEPEST = 8;

    /** The most literal template comes first: it says the most of a message. */
    private final List<Template> templates;

    Templates(String... tables) {
        List<Template> all = new ArrayList<>();
        for (String table : tables) {
            List<String> lines = table.lines().filter(line -> !line.isBlank()).toList();
            for (int i = 0; i + 1 < lines.size(); i += 2) {
                all.add(Template.of(lines.get(i).strip(), lines.get(i + 1).strip()));
            }
        }
        all.sort(Comparator.comparingInt(Template::literal).reversed());
        templates = List.copyOf(all);
    }

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

    /** Returns the Korean of a message; empty if no template is for it. A fact that no template is for stays as it is. */
    Optional<String> korean(String english) {
        return korean(english, DEEPEST);
    }

    private Optional<String> korean(String english, int depth) {
        if (depth == 0) {
            return Optional.empty();
        }
        for (Template template : templates) {
            List<String> facts = template.facts(english);
            if (facts != null) {
                return Optional.of(filled(template.korean, facts, depth));
            }
        }
        return Optional.empty();
    }

    private String filled(String korean, List<String> facts, int depth) {
        return NUMBER.matcher(korean).replaceAll(number -> {
            String fact = facts.get(Integer.parseInt(number.group(1)) - 1);
            return Matcher.quoteReplacement(korean(fact, depth - 1).orElse(fact));
        });
    }
}

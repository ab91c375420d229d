package dev.turnout.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page of HTML with placeholders such as <code>{{request-id}}</code>. What stands for them is escaped. */
public final class PageTemplate {

    private static final Pattern WRITTEN = Pattern.compile("\\{\\{([^{}]*)}}");
    private static final int SHOWN = 40;

    private enum Placeholder {
        STATUS(facts -> String.valueOf(facts.status())),
        REASON(PageFacts::reason),
        MESSAGE(PageFacts::message),
        CAUSE(PageFacts::cause),
        REQUEST_ID(PageFacts::requestId),
        RETRY_AFTER(facts -> facts.retryAfterSeconds() == 0 ? "" : String.valueOf(facts.retryAfterSeconds())),
        HOST(PageFacts::host);

        private final Function<PageFacts, String> value;

        Placeholder(Function<PageFacts, String> value) {
            this.value = value;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static Optional<Placeholder> of(String word) {
            return Arrays.stream(values())
                    .filter(one -> one.word().equals(word))
                    .findFirst();
        }
    }

    /**
     * A piece of the page.
     *
     * @param text as it is
     * @param then what stands behind the text; empty behind the last text
     */
    private record Piece(String text, Optional<Placeholder> then) {}

    private final List<Piece> pieces;

    private PageTemplate(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /**
     * Reads a page.
     *
     * @throws IllegalArgumentException if there is a placeholder that is not known; the message names it and all that are
     */
    public static PageTemplate parse(String page) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = WRITTEN.matcher(page);
        int from = 0;
        while (matcher.find()) {
            String word = matcher.group(1).strip();
            pieces.add(new Piece(
                    page.substring(from, matcher.start()),
                    Optional.of(Placeholder.of(word).orElseThrow(() -> unknown(word)))));
            from = matcher.end();
        }
        pieces.add(new Piece(page.substring(from), Optional.empty()));
        return new PageTemplate(pieces);
    }

    private static IllegalArgumentException unknown(String word) {
        String shown = word.length() > SHOWN ? word.substring(0, SHOWN) + "..." : word;
        String known =
                Arrays.stream(Placeholder.values()).map(Placeholder::word).collect(Collectors.joining(", "));
        return new IllegalArgumentException("it has the placeholder {{" + shown + "}}, and known are " + known);
    }

    /** Returns the page for an answer. */
    public String render(PageFacts facts) {
        StringBuilder page = new StringBuilder();
        for (Piece piece : pieces) {
            page.append(piece.text());
            piece.then().ifPresent(one -> page.append(Html.escaped(one.value.apply(facts))));
        }
        return page.toString();
    }
}

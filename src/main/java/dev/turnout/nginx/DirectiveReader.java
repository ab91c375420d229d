package dev.turnout.nginx;

import dev.turnout.nginx.Directive.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reader of nginx's configuration syntax: words, quotes, comments, {@code ;} and braces, as nginx reads them. */
final class DirectiveReader {

    private final String text;
    private int at;

    private DirectiveReader(String text) {
        this.text = text;
    }

    /**
     * Returns all directives of a text.
     *
     * @throws IncludeRefused with the line and what is wrong there
     */
    static List<Directive> read(String text) {
        return new DirectiveReader(text).directives(false);
    }

    private List<Directive> directives(boolean inBlock) {
        List<Directive> directives = new ArrayList<>();
        while (true) {
            skipBlanksAndComments();
            if (at == text.length()) {
                if (inBlock) {
                    throw refused("a '{' is not closed");
                }
                return directives;
            }
            if (text.charAt(at) == '}') {
                if (!inBlock) {
                    throw refused("a '}' closes nothing");
                }
                return directives;
            }
            directives.add(directive());
        }
    }

    private Directive directive() {
        int start = at;
        List<Word> words = new ArrayList<>();
        while (true) {
            skipBlanksAndComments();
            if (at == text.length()) {
                throw refused("a ';' is missing at the end of the file");
            }
            char c = text.charAt(at);
            if ((c == ';' || c == '{') && words.isEmpty() || c == '}') {
                throw refused("'" + c + "' stands where a word should");
            }
            if (c == ';') {
                at++;
                return new Directive(List.copyOf(words), start, at, Optional.empty());
            }
            if (c == '{') {
                at++;
                List<Directive> block = directives(true);
                at++;
                return new Directive(List.copyOf(words), start, at, Optional.of(block));
            }
            words.add(c == '"' || c == '\'' ? quotedWord(c) : plainWord());
        }
    }

    private Word plainWord() {
        int start = at;
        StringBuilder value = new StringBuilder();
        while (at < text.length() && !isBlank(text.charAt(at)) && ";{".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                value.append(text.charAt(at++));
            } else if (text.startsWith("${", at)) {
                value.append(text.charAt(at++));
            }
            value.append(text.charAt(at++));
        }
        return new Word(value.toString(), start, at);
    }

    private Word quotedWord(char quote) {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (at == text.length()) {
            throw refused("a quote is not closed");
        }
        at++;
        return new Word(value.toString(), start, at);
    }

    private void skipBlanksAndComments() {
        while (at < text.length()) {
            if (text.charAt(at) == '#') {
                int lineFeed = text.indexOf('\n', at);
                at = lineFeed < 0 ? text.length() : lineFeed;
            } else if (isBlank(text.charAt(at))) {
                at++;
            } else {
                return;
            }
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private IncludeRefused refused(String what) {
        long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        return new IncludeRefused("line " + line + ": " + what);
    }
}

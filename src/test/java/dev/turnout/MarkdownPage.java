package dev.turnout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document of this repository, taken apart into what tests look at.
 *
 * @param headings in their order
 * @param blocks code, fenced or indented, in its order
 * @param tables the number of columns of each row, for each table
 * @param paragraphs lines of text outside of code, headings and tables
 */
public record MarkdownPage(
        Path file, List<Heading> headings, List<Block> blocks, List<List<Integer>> tables, List<String> paragraphs) {

    private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.*?) *#*");
    private static final Pattern FENCE = Pattern.compile(" *(```+)(.*)");

    /**
     * A heading.
     *
     * @param level 1 to 6
     */
    public record Heading(int level, String text) {}

    /**
     * A piece of code, without its indentation.
     *
     * @param language what stands behind the fence, as {@code nginx}; empty without one
     * @param heading the text of the nearest heading above it
     */
    public record Block(String language, String heading, List<String> lines) {

        public String text() {
            return String.join("\n", lines) + "\n";
        }
    }

    /** Reads a document. */
    public static MarkdownPage read(Path file) throws IOException {
        return new Reader(file).read();
    }

    /** Returns the commands of the page: lines of shell blocks, without comments. A line that ends in \ goes on. */
    public List<String> commands() {
        List<String> commands = new ArrayList<>();
        for (Block block : blocks) {
            if (block.language().isEmpty() || block.language().equals("bash")) {
                String text = block.text().replace("\\\n", " ");
                text.lines()
                        .map(line -> line.replaceFirst("(^|\\s+)#( .*|$)", "")
                                .strip()
                                .replaceAll(" +", " "))
                        .filter(line -> !line.isEmpty())
                        .forEach(commands::add);
            }
        }
        return commands;
    }

    private static final class Reader {

        private final Path file;
        private final List<Heading> headings = new ArrayList<>();
        private final List<Block> blocks = new ArrayList<>();
        private final List<List<Integer>> tables = new ArrayList<>();
        private final List<String> paragraphs = new ArrayList<>();
        private List<String> code = new ArrayList<>();
        private List<Integer> table = new ArrayList<>();
        private boolean follows = true;

        Reader(Path file) {
            this.file = file;
        }

        MarkdownPage read() throws IOException {
            String fence = null;
            String language = "";
            for (String line : Files.readAllLines(file)) {
                Matcher fenced = FENCE.matcher(line);
                if (fence != null) {
                    if (line.strip().equals(fence)) {
                        endCode(language);
                        fence = null;
                    } else {
                        code.add(line);
                    }
                } else if (fenced.matches()) {
                    endCode("");
                    fence = fenced.group(1);
                    language = fenced.group(2).strip();
                } else {
                    takeLine(line);
                }
            }
            endCode("");
            endTable();
            return new MarkdownPage(file, headings, blocks, tables, paragraphs);
        }

        /** Takes a line outside of a fence. Code by indentation begins behind an empty line. */
        private void takeLine(String line) {
            boolean indented = line.startsWith("    ");
            if (indented && (follows || !code.isEmpty())) {
                code.add(line.substring(4));
                return;
            }
            if (line.isBlank()) {
                if (!code.isEmpty()) {
                    code.add("");
                }
                endTable();
                follows = true;
                return;
            }
            endCode("");
            follows = false;
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                headings.add(new Heading(heading.group(1).length(), heading.group(2)));
            } else if (line.startsWith("|")) {
                table.add(line.replace("\\|", "").split("\\|", -1).length);
            } else {
                paragraphs.add(line);
            }
        }

        private void endCode(String language) {
            while (!code.isEmpty() && code.get(code.size() - 1).isEmpty()) {
                code.remove(code.size() - 1);
            }
            if (!code.isEmpty()) {
                String heading = headings.isEmpty()
                        ? ""
                        : headings.get(headings.size() - 1).text();
                blocks.add(new Block(language, heading, List.copyOf(code)));
            }
            code = new ArrayList<>();
        }

        private void endTable() {
            if (!table.isEmpty()) {
                tables.add(table);
            }
            table = new ArrayList<>();
        }
    }
}

package dev.turnout.nginx;

import dev.turnout.nginx.Directive.Word;
import dev.turnout.routing.Target;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An include with one {@code upstream} block. Turnout writes the {@code server} lines. The block's name and its other
 * directives stay.
 *
 * @param text of the whole file
 * @param servers the {@code server} directives in their order; at least one
 */
record UpstreamInclude(String text, List<Server> servers) implements Include {

    static final String TEMPLATE = """
            upstream turnout {
                server 127.0.0.1:8080;
                keepalive 32;
            }
            """;

    /**
     * One {@code server} directive.
     *
     * @param weight 0 if the server is {@code down}
     * @param others the other parameters, which stay, with a blank before each
     * @param start index of the directive in the text
     * @param end index after its {@code ;}
     */
    record Server(Target target, int weight, String others, int start, int end) {}

    static UpstreamInclude read(String text) {
        List<Directive> directives = DirectiveReader.read(text);
        if (directives.size() == 1 && directives.get(0).name().equals("set")) {
            throw new IncludeRefused("it holds a 'set' line: that is turnout.nginx.style=variable");
        }
        if (directives.size() != 1
                || !directives.get(0).name().equals("upstream")
                || directives.get(0).block().isEmpty()) {
            throw new IncludeRefused(
                    "it holds " + directives.stream().map(Directive::name).toList()
                            + "; style=upstream means one upstream block and nothing beside it");
        }
        List<Server> servers = new ArrayList<>();
        SortedMap<Target, Integer> seen = new TreeMap<>();
        for (Directive directive : directives.get(0).block().get()) {
            if (directive.block().isPresent()) {
                throw new IncludeRefused("the block '" + directive.name() + "' inside upstream is not understood");
            }
            if (directive.name().equals("server")) {
                Server server = server(directive);
                if (seen.put(server.target(), server.weight()) != null) {
                    throw new IncludeRefused("the server " + server.target() + " stands twice in it");
                }
                servers.add(server);
            }
        }
        if (servers.isEmpty()) {
            throw new IncludeRefused("its upstream block has no server");
        }
        return new UpstreamInclude(text, List.copyOf(servers));
    }

    private static Server server(Directive directive) {
        if (directive.arguments() == 0) {
            throw new IncludeRefused("a server without an address");
        }
        Target target = ServerAddress.read(directive.argument(0).value());
        int weight = 1;
        boolean down = false;
        StringBuilder others = new StringBuilder();
        for (Word word : directive.words().subList(2, directive.words().size())) {
            if (word.value().equals("down")) {
                down = true;
            } else if (word.value().startsWith("weight=")) {
                weight = weight(word.value());
            } else if (word.value().equals("backup")) {
                throw new IncludeRefused(
                        "server " + target + " is a backup: nginx would send it traffic of its own accord");
            } else {
                others.append(' ').append(word.value());
            }
        }
        return new Server(target, down ? 0 : weight, others.toString(), directive.start(), directive.end());
    }

    private static int weight(String parameter) {
        String digits = parameter.substring("weight=".length());
        if (!digits.matches("[1-9][0-9]{0,5}")) {
            throw new IncludeRefused("'" + parameter + "' is not understood");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public Route route() {
        SortedMap<Target, Integer> weights = new TreeMap<>();
        servers.forEach(server -> weights.put(server.target(), server.weight()));
        return new Route(weights);
    }

    /** Writes new servers in the places of the old. Further servers follow the last place; unused places are emptied. */
    @Override
    public byte[] with(Route route) {
        StringBuilder next = new StringBuilder();
        Iterator<Map.Entry<Target, Integer>> waiting =
                route.weights().entrySet().iterator();
        int copied = 0;
        for (int i = 0; i < servers.size(); i++) {
            Server place = servers.get(i);
            next.append(text, copied, place.start());
            copied = place.end();
            if (waiting.hasNext()) {
                next.append(line(waiting.next()));
            } else {
                copied = withoutBlankLine(next, copied);
            }
            while (i == servers.size() - 1 && waiting.hasNext()) {
                next.append('\n').append(indent(place)).append(line(waiting.next()));
            }
        }
        return Include.bytes(next.append(text, copied, text.length()).toString());
    }

    private String line(Map.Entry<Target, Integer> entry) {
        String share =
                switch (entry.getValue()) {
                    case 0 -> " down";
                    case 1 -> "";
                    default -> " weight=" + entry.getValue();
                };
        return "server " + entry.getKey() + share + others(entry.getKey()) + ";";
    }

    /** Returns the other parameters. A new target gets those of the first server: a switch keeps {@code max_fails=0}. */
    private String others(Target target) {
        return servers.stream()
                .filter(server -> server.target().equals(target))
                .findFirst()
                .orElse(servers.get(0))
                .others();
    }

    private String indent(Server place) {
        int lineStart = text.lastIndexOf('\n', place.start() - 1) + 1;
        String before = text.substring(lineStart, place.start());
        return before.isBlank() ? before : "    ";
    }

    /** Removes the rest of a line if nothing but a directive was on the line. Returns where to go on in the text. */
    private int withoutBlankLine(StringBuilder written, int end) {
        int lineStart = written.lastIndexOf("\n") + 1;
        int lineFeed = text.indexOf('\n', end);
        boolean alone = lineFeed >= 0
                && written.substring(lineStart).isBlank()
                && text.substring(end, lineFeed).isBlank();
        if (!alone) {
            return end;
        }
        written.setLength(lineStart);
        return lineFeed + 1;
    }
}
